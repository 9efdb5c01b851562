// Nights as a worker does them: by its schedules, after days without it, and killed in the middle.
import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { nightlyChunkJob, planNightlyJob } from '@studyin/domain/jobs';
import { runNights, updateLearner } from '@studyin/domain/services';
import { awayFrom } from '@studyin/testkit/away-from';
import { idOf, openTestDomain, silentLog } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { envToConfig } from '../src/config.ts';
import { startWorker } from '../src/start-worker.ts';
import {
  addTopic,
  answer,
  endProcess,
  listDerived,
  recordOneByOne,
  spawnWorker,
  sql,
  startTestWorker,
  takePort,
  workerEnv,
} from './worker-domain.ts';

const LEARNERS = 6;
// Minutes of the day from which on a night's steps may be done: the light ones, then the heavy ones.
const NIGHT_BEGINS = [5, 120];

async function openLearners(): Promise<TestDomain> {
  const domain = await openTestDomain();
  await addTopic(domain);
  await recordOneByOne(
    domain,
    Array.from({ length: LEARNERS * 8 }, (_, n) => answer(n % LEARNERS, Math.floor(n / LEARNERS))),
  );
  for (let user = 0; user < LEARNERS; user += 1) await updateLearner(domain.app, { userId: idOf('user', user) });
  return domain;
}

const plan = ({ app }: TestDomain) => app.jobs.boss.send(planNightlyJob.name, {}, { singletonKey: 'all' });

describe('the nights of a worker', function () {
  this.timeout(130_000);
  let domain: TestDomain;
  let lastNight: string;

  beforeEach(async () => {
    await awayFrom(NIGHT_BEGINS, 60_000);
    // The last one that all steps may do.
    lastNight = addDays(utcDayOf(Date.now() - 2 * 3_600_000), -1);
    domain = await openLearners();
  });
  afterEach(() => domain.close());

  const mark = (day: string) => sql(domain, `update batch_runs set watermark = $1`, [day]);
  const areDone = async (of = domain) => {
    const rows = await sql<{ day: string | null }>(of, `select watermark::text as day from batch_runs`);
    return rows.length > 0 && rows.every(({ day }) => day !== null && day >= lastNight);
  };
  const untilDone = async (of = domain) => {
    const worker = await startTestWorker(of);
    try {
      await waitFor(() => areDone(of), { what: 'all steps', timeoutMs: 50_000 });
    } finally {
      await worker.stop();
    }
  };

  it('stand in the table of schedules, and are made up for once', async () => {
    const worker = await startTestWorker(domain);
    await worker.stop();
    const schedules = await domain.app.jobs.boss.getSchedules(planNightlyJob.name);
    const shown = schedules.map(({ cron, timezone, options }) => ({
      cron,
      timezone,
      missed: (options as { missed: string }).missed,
    }));
    expect(shown).deep.members([
      { cron: '5 0 * * *', timezone: 'UTC', missed: 'once' },
      { cron: '0 2 * * *', timezone: 'UTC', missed: 'once' },
    ]);
  });

  it('that passed without any are done when one starts, by its own schedule', async () => {
    await runNights(domain.app, { asOf: lastNight });
    await mark(addDays(lastNight, -5));
    // A worker that ended six days ago, and has written its schedules long before that.
    await (await startTestWorker(domain)).stop();
    await sql(domain, `update pgboss.schedule set created_on = now() - interval '30 days'`);
    await sql(domain, `update pgboss.version set cron_on = now() - interval '6 days'`);
    await untilDone();
    expect(domain.strayErrors).eql([]);
  });

  it('go on where a killed worker left them', async () => {
    const quiet = await openLearners();
    let worker: ChildProcess | null = null;
    try {
      await plan(quiet);
      await untilDone(quiet);

      // A topic row that someone holds: the chunk has begun, and hangs.
      const holding = await domain.app.database.sequelize.transaction();
      const held = { bind: [idOf('user', 3)], transaction: holding };
      await domain.app.database.sequelize.query(`select from topic_mastery where user_id = $1 for update`, held);
      worker = await spawnWorker(domain);
      await plan(domain);
      const isHanging = async () =>
        (
          await sql(
            domain,
            `select from pgboss.job where name = $1 and state = 'active' and data ->> 'step' = 'mastery'`,
            [nightlyChunkJob.name],
          )
        ).length > 0;
      await waitFor(isHanging, { what: 'a chunk at work' });
      await endProcess(worker, 'SIGKILL');
      await holding.rollback();
      expect(await areDone()).equal(false);

      await sql(
        domain,
        `update pgboss.job set heartbeat_on = heartbeat_on - interval '5 minutes' where state = 'active'`,
      );
      await untilDone();
      expect(await listDerived(domain)).eql(await listDerived(quiet));
    } finally {
      if (worker !== null) await endProcess(worker, 'SIGKILL');
      await quiet.close();
    }
  });

  it('that are late turn the worker unready, and show in its metrics', async () => {
    await runNights(domain.app, { asOf: lastNight });
    const port = await takePort();
    await port.free();
    const config = envToConfig({ ...workerEnv(domain.database.url), STUDYIN_WORKER_PORT: String(port.port) });
    const worker = await startWorker(config, { log: { ...silentLog, debug: () => undefined } });
    try {
      const get = async (path: string) => {
        const response = await fetch(`${worker.url}${path}`);
        return { status: response.status, text: await response.text() };
      };
      expect(await get('/readyz')).include({ status: 200 });
      expect((await get('/metrics')).text).includes('studyin_nights_missed{step="mastery"} 0');
      await mark(addDays(lastNight, -3));
      expect(await get('/readyz')).include({ status: 503 });
      // Before 05:00 the last night is not late yet; the standing is asked for every two seconds.
      const isLate = async () => /studyin_nights_missed\{step="mastery"\} [23]\n/.test((await get('/metrics')).text);
      await waitFor(isLate, { what: 'the lag of two or three nights' });
      expect((await get('/metrics')).text).includes('studyin_verify_differences_total 0');
    } finally {
      await worker.stop();
    }
  });
});
