import { DomainError } from '@studyin/domain/errors';
import { findMissingMigrations } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';

/** Throws `misconfigured`, with what to do, where the database is not at this release's schema. */
export async function requireMigrated(app: Pick<App, 'database'>): Promise<void> {
  const missing = await findMissingMigrations(app);
  if (missing.length > 0) {
    throw new DomainError('misconfigured', `The database lacks ${missing.length} migrations; run studyin migrate.`);
  }
}
