import { connect } from '@studyin/domain/database';
import { createJobs } from '@studyin/domain/jobs';
import { createApp } from '@studyin/domain/services';
import type { App, Keys, Log } from '@studyin/domain/services';

/** What the tracker functions need, once for a process. `keys` must be those of the API. */
export async function openApp(url: string, keys: Keys, log: Log): Promise<App> {
  const options = { url, role: 'studyin_runtime', applicationName: 'my-backend' };
  const onError = (error: Error): void => log.warn({ event: 'queue.error', name: error.name });
  const jobs = createJobs({ ...options, mode: 'send', onError });
  await jobs.start();
  return createApp({ database: connect(options), jobs, keys, log });
}
