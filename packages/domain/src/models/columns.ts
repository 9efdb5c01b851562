// The few kinds of column a table has. The database owns its defaults: a model asks for them and repeats none.
import { literal } from 'sequelize';
import type {
  AbstractDataTypeConstructor,
  Attributes,
  DataType,
  Model,
  ModelAttributeColumnOptions,
  ModelAttributes,
} from 'sequelize';

type Type = DataType | AbstractDataTypeConstructor;
type Column = ModelAttributeColumnOptions;

/** A table as its model sees it; `underscored` makes the names of its columns. */
export type TableOf<M extends Model> = {
  readonly tableName: string;
  readonly columns: ModelAttributes<M, Attributes<M>>;
  /** All indexes but the primary key's. */
  readonly indexes?: readonly TableIndex[];
};

export type TableIndex = { readonly name: string; readonly unique?: boolean; readonly fields: readonly string[] };

/** Part of the primary key. */
export function key(type: Type): Column {
  return { type, allowNull: false, primaryKey: true };
}

/** Part of the primary key, made by the database where it is not given. */
export function defaultedKey(type: Type): Column {
  return { ...defaulted(type), primaryKey: true };
}

/** Not null, and to be given. */
export function required(type: Type, field?: string): Column {
  return named({ type, allowNull: false }, field);
}

/** Nullable. */
export function optional(type: Type, field?: string): Column {
  return named({ type, allowNull: true }, field);
}

/** Not null, filled by the database where it is not given. An instance shows the value once it is saved. */
export function defaulted(type: Type, field?: string): Column {
  return named({ type, allowNull: false, defaultValue: literal('default') }, field);
}

/** Computed by the database from other columns; never written. */
export function generated(type: Type, field?: string): Column {
  return named({ type, allowNull: true, defaultValue: literal('default') }, field);
}

function named(column: Column, field: string | undefined): Column {
  return field === undefined ? column : { ...column, field };
}

/** The columns of a table as the database names them, but for those it computes itself. */
export function writtenColumnsOf({ columns }: { readonly columns: object }): {
  readonly columns: readonly string[];
  readonly key: readonly string[];
} {
  // as: the columns of a table are made by the functions of this file
  const written = Object.entries(columns as Readonly<Record<string, Column>>)
    .filter(([, { allowNull, defaultValue }]) => allowNull === false || defaultValue === undefined)
    .map(([attribute, { field, primaryKey }]) => ({
      name: field ?? underscored(attribute),
      isKey: primaryKey === true,
    }));
  return {
    columns: written.map(({ name }) => name),
    key: written.filter(({ isKey }) => isKey).map(({ name }) => name),
  };
}

function underscored(attribute: string): string {
  return attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
