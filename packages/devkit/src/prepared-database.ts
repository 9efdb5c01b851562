// What benches and crash tests have in common of a database of their own.
import { connect, migrate } from '@studyin/domain/database';
import { createJobs, installQueues } from '@studyin/domain/jobs';
import { createApp, importDefaultCurriculum } from '@studyin/domain/services';
import type { App, Keys } from '@studyin/domain/services';

/** What processes become. */
export const role = 'studyin_runtime';

const silent = (): void => undefined;

export type AppOptions = {
  readonly url: string;
  readonly keys: Keys;
  readonly poolSize?: number;
  /** Default 15,000. */
  readonly statementTimeoutMs?: number;
  /** As the ingest of an API is connected. */
  readonly planOnce?: boolean;
};

/** Brings a database to this release's schema, with the default curriculum. Idempotent. */
export async function prepareDatabase({ url, keys }: AppOptions): Promise<void> {
  await migrate({ url });
  await installQueues({ url });
  await withApp({ url, keys, poolSize: 2 }, importDefaultCurriculum);
}

/** Opens the domain in this process for the time of `use`. */
export async function withApp<T>(
  { url, keys, poolSize = 4, statementTimeoutMs = 15_000, planOnce = false }: AppOptions,
  use: (app: App) => Promise<T>,
): Promise<T> {
  const database = connect({ url, role, poolSize, statementTimeoutMs, planOnce, applicationName: 'studyin-devkit' });
  const applicationName = 'studyin-devkit-queue';
  const jobs = createJobs({ url, role, applicationName, mode: 'send', onError: silent });
  try {
    await jobs.start();
    return await use(createApp({ database, jobs, keys, log: { info: silent, warn: silent, error: silent } }));
  } finally {
    await jobs.stop(1_000);
    await database.close();
  }
}
