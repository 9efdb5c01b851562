import { connect } from '@studyin/domain/database';
import { findMissingMigrations } from '@studyin/domain/services';
import type { Config } from './config.ts';

export type Readiness = {
  readonly ready: boolean;
  readonly database: 'ok' | 'unavailable' | 'not_asked';
  readonly migrations: 'ok' | 'missing' | 'unknown';
  readonly draining: boolean;
};

const TIMEOUT_MS = 2_000;

/**
 * Whether traffic should come here: asked on a connection of its own, since the pools may be busy, or full of connections to a
 * server that is gone. Callers at the same time share one check.
 */
export function createReadinessCheck(
  database: Config['database'],
  isDraining: () => boolean,
): () => Promise<Readiness> {
  let running: Promise<Readiness> | null = null;
  return () => {
    if (isDraining()) {
      return Promise.resolve({ ready: false, database: 'not_asked', migrations: 'unknown', draining: true });
    }
    running ??= checkDatabase(database).finally(() => {
      running = null;
    });
    return running;
  };
}

async function checkDatabase({ url, role }: Config['database']): Promise<Readiness> {
  const database = connect({
    url,
    role,
    poolSize: 1,
    applicationName: 'studyin-api-ready',
    statementTimeoutMs: TIMEOUT_MS,
    acquireTimeoutMs: TIMEOUT_MS,
  });
  try {
    const missing = await findMissingMigrations({ database });
    const ready = missing.length === 0;
    return { ready, database: 'ok', migrations: ready ? 'ok' : 'missing', draining: false };
  } catch {
    return { ready: false, database: 'unavailable', migrations: 'unknown', draining: false };
  } finally {
    await database.close();
  }
}
