import { connect } from '@studyin/domain/database';
import { createJobs } from '@studyin/domain/jobs';
import { createApp } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { silentLog, testKeys } from '@studyin/testkit/test-domain';
import type { TestApi } from './test-api.ts';

/** An App of its own on the API's database, as another process would have. Close it. */
export async function openTestApp({ database }: TestApi): Promise<{ readonly app: App; close(): Promise<void> }> {
  const pool = connect({
    url: database.url,
    role: 'studyin_runtime',
    poolSize: 2,
    applicationName: 'studyin-test-app',
  });
  const jobs = createJobs({
    url: database.url,
    role: 'studyin_runtime',
    applicationName: 'studyin-test-app',
    mode: 'send',
    onError: () => undefined,
  });
  await jobs.start();
  return {
    app: createApp({ database: pool, jobs, keys: testKeys, log: silentLog }),
    close: async () => {
      await jobs.stop(1_000);
      await pool.close();
    },
  };
}
