import type { Model, ModelStatic, Sequelize } from 'sequelize';
import type { TableOf } from './columns.ts';

/** A subclass of `model` bound to one pool: `init` writes to the class it is called on, so it must not be the exported one. */
export function bindModel<M extends Model>(
  sequelize: Sequelize,
  model: ModelStatic<M>,
  table: TableOf<M>,
): ModelStatic<M> {
  // as: TypeScript cannot extend a constructor of a type parameter; any subclass of Model will do here
  const Bound = class extends (model as unknown as typeof Model) {};
  const { tableName, columns, indexes = [] } = table;
  Bound.init(columns, {
    sequelize,
    modelName: model.name,
    tableName,
    indexes: indexes.map(({ fields, ...index }) => ({ ...index, fields: [...fields] })),
    timestamps: false,
    underscored: true,
    freezeTableName: true,
  });
  // Sequelize gives a table without a primary key an `id` of its own making.
  if (!('id' in columns) && 'id' in Bound.getAttributes()) Bound.removeAttribute('id');
  return Bound as unknown as ModelStatic<M>; // as: it extends `model`
}
