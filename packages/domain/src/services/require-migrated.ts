// What a process asks of its database before it starts.
import type { Database } from '../database/index.ts';
import { sqlStateOf, whyNoTls } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { findMissingMigrations } from './find-missing-migrations.ts';

/**
 * Throws the one line to show where the database cannot serve this release: `misconfigured` where migrations are missing,
 * `unavailable` where it cannot be reached or refuses the login or its role. The line never holds a password.
 */
export async function requireMigrated(
  database: Database,
  { url, role }: { readonly url: string; readonly role: string | undefined },
): Promise<void> {
  const { host } = new URL(url); // never the whole URL: it holds a password
  try {
    const missing = await findMissingMigrations({ database });
    if (missing.length === 0) return;
    throw new DomainError(
      'misconfigured',
      `The database at ${host} lacks ${missing.length} migrations; run studyin migrate.`,
    );
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') throw error;
    const tlsFault = whyNoTls(error);
    const state = sqlStateOf(error instanceof DomainError ? error.cause : error);
    const why = tlsFault === null ? whyNoDatabase(state, { host, role }) : `The database at ${host} ${tlsFault}`;
    throw new DomainError('unavailable', why, { cause: error });
  }
}

function whyNoDatabase(
  state: string | null,
  { host, role }: { readonly host: string; readonly role: string | undefined },
): string {
  switch (state) {
    case '22023': // the role named in the connection's options does not exist
    case '42501':
      return `The login may not become ${role ?? 'its role'} in the database at ${host}; run studyin migrate, or set STUDYIN_ROLE.`;
    case '28P01':
    case '28000':
      return `The database at ${host} refuses the login of DATABASE_URL.`;
    case '3D000':
      return `The server at ${host} has no database of the name in DATABASE_URL.`;
    default:
      return `The database at ${host} cannot be reached; is it running?`;
  }
}
