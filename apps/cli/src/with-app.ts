// The domain in this process, for commands that need no API.
import { connect } from '@studyin/domain/database';
import { createJobs } from '@studyin/domain/jobs';
import { createApp } from '@studyin/domain/services';
import type { App, Log } from '@studyin/domain/services';
import type { Config } from './config.ts';
import type { Secrets } from './secrets.ts';

const silent = (): void => undefined;
const log: Log = { info: silent, warn: silent, error: silent };

export type AppOptions = {
  readonly url: string;
  readonly role: string | undefined;
  readonly secrets: Secrets;
  /** What derived rows are made by, for commands that make any. */
  readonly rules?: Config['rules'];
  /** Whether the queue is opened too; without it `app.jobs` must not be used. */
  readonly sends?: boolean;
  /** Whether everything is read: a check of all rows takes longer than a request may. */
  readonly readsAll?: boolean;
  /** Of one statement, where that is known to take longer still. */
  readonly statementTimeoutMs?: number;
};

/** Opens an App for the time of `use`. */
export async function withApp<T>(
  { url, role, secrets, rules, sends = false, readsAll = false, statementTimeoutMs }: AppOptions,
  use: (app: App) => Promise<T>,
): Promise<T> {
  const database = connect({
    url,
    role,
    poolSize: 4,
    applicationName: 'studyin-cli',
    statementTimeoutMs: statementTimeoutMs ?? (readsAll ? 120_000 : 15_000),
  });
  const jobs = createJobs({ url, role, applicationName: 'studyin-cli-queue', mode: 'send', onError: silent });
  try {
    if (sends) await jobs.start();
    return await use(
      createApp({ database, jobs, keys: { session: secrets.sessionKey, subject: secrets.subjectKey }, log, ...rules }),
    );
  } finally {
    if (sends) await jobs.stop(1_000);
    await database.close();
  }
}
