import { sqlStateOf, statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

const selectMigrations = statement('migration.list_applied', `select name from schema_migrations order by name`);

const UNDEFINED_TABLE = '42P01';

/** Names of the migrations this database has seen; none where it has never been migrated. */
export async function listAppliedMigrations(reader: Reader): Promise<readonly string[]> {
  try {
    return (await reader.query<{ name: string }>(selectMigrations)).map(({ name }) => name);
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}
