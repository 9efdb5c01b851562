import { connect, statement, type Database } from '@studyin/domain/database';
import { createJobs, installQueues } from '@studyin/domain/jobs';
import { createApp, type App, type Log } from '@studyin/domain/services';
import { useTestDatabase } from '@studyin/testkit/test-database';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const selectQueued = statement(
  'test.queued',
  `select singleton_key as "userId" from pgboss.job where name = 'update-learner' and state = 'created' order by singleton_key`,
);

/** What the curriculum's use cases need, as the runtime role, on a database of its own with queues. */
export function useCurriculumApp(): () => App {
  let close: (() => Promise<void>) | null = null;
  let app: App | null = null;
  after('close the app', async () => close?.());
  const testDatabase = useTestDatabase();
  before('open the app', async () => {
    const { url } = testDatabase();
    await installQueues({ url });
    const database = connect({ url, role: 'studyin_runtime', applicationName: 'curriculum-test', poolSize: 4 });
    const errors: Error[] = [];
    const jobs = createJobs({
      url,
      role: 'studyin_runtime',
      applicationName: 'curriculum-test',
      mode: 'send',
      onError: (error) => errors.push(error),
    });
    await jobs.start();
    app = createApp({
      database,
      jobs,
      log: silent,
      keys: { session: 'session key of tests', subject: 'subject key of tests' },
    });
    close = async () => {
      await jobs.stop(1_000);
      await database.close();
      if (errors[0] !== undefined) throw errors[0];
    };
  });
  return () => {
    if (app === null) throw new Error('the app exists only inside hooks and tests');
    return app;
  };
}

export async function listQueuedLearners(database: Database): Promise<readonly string[]> {
  return (await database.reader.query<{ userId: string }>(selectQueued)).map(({ userId }) => userId);
}
