import { join } from 'node:path';
import { startEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import { DomainError } from '@studyin/domain/errors';
import type { Config } from './config.ts';

export type OpenDatabase = {
  readonly url: string;
  readonly isEmbedded: boolean;
  /** For people; never the password. */
  readonly description: string;
  /** Stops an embedded server that nobody else uses. */
  close(): Promise<void>;
};

const PREFERRED_PORT = 54_320;

/** The server of DATABASE_URL, or the embedded one of the home folder, started where it does not run. */
export async function openDatabase({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): Promise<OpenDatabase> {
  if (databaseUrl !== null) {
    const { host, pathname } = new URL(databaseUrl);
    return {
      url: databaseUrl,
      isEmbedded: false,
      description: `${host}${pathname}`,
      close: () => Promise.resolve(),
    };
  }
  try {
    const database = await startEmbeddedDatabase({ directory: join(home, 'postgres'), preferredPort: PREFERRED_PORT });
    return {
      url: database.url,
      isEmbedded: true,
      description: `PostgreSQL ${database.version}, embedded, port ${database.port}`,
      close: () => database.stop(),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DomainError('unavailable', `The embedded database could not be started: ${why}`, { cause: error });
  }
}
