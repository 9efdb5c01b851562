// A process of its own that makes a version of the mastery model and ends: what a fit holds in memory goes with it. The last line
// that it prints is what came of it, as JSON.
import { connect } from '@studyin/domain/database';
import { createJobs } from '@studyin/domain/jobs';
import { createApp, refitModel } from '@studyin/domain/services';
import { createLog, describeError, failWith } from '@studyin/telemetry/log';
import { envToConfig, readEnv } from '../config.ts';

async function main(): Promise<void> {
  const { database: session, keys, rules, logLevel } = envToConfig(readEnv());
  const log = createLog('worker', logLevel);
  const { url, role } = session;
  const database = connect({ url, role, poolSize: 1, applicationName: 'studyin-refit' });
  try {
    const onError = (error: Error): void => log.warn({ event: 'queue.error', error: describeError(error) });
    const jobs = createJobs({ url, role, applicationName: 'studyin-refit-queue', mode: 'send', onError });
    await jobs.start();
    try {
      const refit = await refitModel(createApp({ database, jobs, keys, log, ...rules }));
      process.stdout.write(`${JSON.stringify(refit)}\n`);
    } finally {
      await jobs.stop(1_000);
    }
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => failWith('The mastery model could not be fitted', error));
