export { connect, sessionOptions } from './connect.ts';
export type { ConnectOptions, Database } from './connect.ts';
export { grantRoles, listMigrations, migrate } from './migrate.ts';
export type { MigrateOptions, MigrateResult } from './migrate.ts';
export { isRepeatable, isUnavailable, sqlStateOf } from './sql-errors.ts';
export { statement } from './statement.ts';
export type { Statement } from './statement.ts';
export { RollbackWith } from './transaction.ts';
export type { Reader, Tx } from './transaction.ts';
