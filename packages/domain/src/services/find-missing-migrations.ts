import type { App } from '../app.ts';
import { listMigrations } from '../database/index.ts';
import { listAppliedMigrations } from '../stores/migration-store.ts';

/**
 * Migrations this release needs and the database lacks; empty where it is ready. A database that is ahead is ready: a newer
 * release migrates first. Throws `unavailable` while the database does not answer.
 */
export async function findMissingMigrations(app: Pick<App, 'database'>): Promise<readonly string[]> {
  const applied = new Set(await listAppliedMigrations(app.database.reader));
  return (await listMigrations()).filter((name) => !applied.has(name));
}
