import { expect } from 'chai';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { connect, sqlStateOf } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { keptDaysLimits, runRetention } from '@studyin/domain/services';
import type { OldRows } from '@studyin/domain/services';
import { awayFromMidnight } from '@studyin/testkit/away-from';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { sql } from './verify-domain.ts';

// More than go in one transaction.
const OLD_ACCESSES = 10_003;
const tables = ['access_log', 'rejected_events', 'pgboss.job', 'peer_distributions', 'batch_chunks'] as const;

/** One old and one young row of each kind, where nothing else is said. The days are those that are kept by default. */
const fillings: readonly string[] = [
  `insert into access_log (at, actor_id, actor_role, subject, action)
    select now() - make_interval(days => case when n <= ${OLD_ACCESSES} then 403 else 398 end), gen_random_uuid(), 'admin', '\\x00', 'read'
    from generate_series(1, ${OLD_ACCESSES + 2}) n`,
  `insert into rejected_events (user_id, reason, path, received_at)
    select gen_random_uuid(), 'invalid', 'input', now() - make_interval(days => d) from unnest(array[93, 93, 88]) d`,
  `insert into pgboss.job (name, state, created_on, completed_on)
    select 'update-learner', s::pgboss.job_state, now() - interval '9 days', now() - make_interval(days => d)
    from unnest(array['completed', 'cancelled', 'failed']) s, unnest(array[4, 0]) d`,
  `insert into pgboss.job (name, state, created_on)
    values ('update-learner', 'created', now() - interval '300 days'), ('update-learner', 'active', now() - interval '300 days')`,
  `insert into pgboss.job (name, state, created_on)
    select 'update-learner-dead', 'created', now() - make_interval(days => d) from unnest(array[93, 88]) d`,
  `insert into peer_distributions (metric, topic_id, as_of, learners, quantiles)
    select 'accuracy_30d', '${idOf('topic', 0)}', current_date - d, 20, array_fill(0.5::float8, array[101])
    from unnest(array[60, 50, 41, 40]) d`,
  `insert into batch_chunks (step, day, from_user_id)
    select 'left', current_date - d, '${idOf('learner', 0)}' from unnest(array[38, 20]) d`,
];

const expected = {
  access_log: OLD_ACCESSES,
  rejected_events: 2,
  finished_jobs: 3,
  dead_letters: 1,
  // The last night's stay.
  peer_distributions: 3,
  batch_chunks: 1,
} as const;

function rowsOf(oldRows: readonly OldRows[]): object {
  return Object.fromEntries(oldRows.map(({ kind, rows }) => [kind, rows]));
}

describe('what is no fact', () => {
  let domain: TestDomain;
  let owner: Database;
  let today: string;
  before(async function () {
    this.timeout(60_000);
    await awayFromMidnight(20_000);
    domain = await openTestDomain();
    owner = connect({ url: domain.database.url, applicationName: 'rows-test', poolSize: 1 });
    for (const text of fillings) await owner.reader.query({ name: '', text });
    today = addDays(utcDayOf(Date.now()), -1);
  });
  after(async () => {
    await owner.close();
    await domain.close();
  });

  const counts = async (): Promise<readonly number[]> => {
    const found = [];
    for (const table of tables) {
      const [row] = await sql<{ n: number }>(domain, `select count(*)::int as n from ${table}`);
      found.push(row?.n ?? -1);
    }
    return found;
  };

  it('is counted by a dry run, which deletes none of it', async () => {
    const before = await counts();
    const { oldRows } = await runRetention(domain.app, { today, dryRun: true });
    expect(rowsOf(oldRows)).eql(expected);
    expect(oldRows[0]).include({ keptDays: 400, before: addDays(today, -400) });
    expect(await counts()).eql(before);
  });

  it('is kept for other days where a setting says so', async () => {
    const retention = { ...domain.app.retention, accessLogDays: 500, quarantineDays: 30, nightDays: 45 };
    const { oldRows } = await runRetention({ ...domain.app, retention }, { today, dryRun: true });
    expect(rowsOf(oldRows)).include({ access_log: 0, rejected_events: 3, peer_distributions: 2, batch_chunks: 0 });
  });

  it('goes when it is older, and nothing else does', async () => {
    const before = await counts();
    const progress: number[] = [];
    const onProgress = (step: string, done: number): void => void (step === 'rows' && progress.push(done));
    const { oldRows } = await runRetention(domain.app, { today, onProgress });
    expect(rowsOf(oldRows)).eql(expected);
    expect(progress.slice(0, 3)).eql([0, 10_000, OLD_ACCESSES]);
    const { access_log, rejected_events, finished_jobs, dead_letters, peer_distributions, batch_chunks } = expected;
    const gone = [access_log, rejected_events, finished_jobs + dead_letters, peer_distributions, batch_chunks];
    expect(await counts()).eql(before.map((rows, n) => rows - (gone[n] ?? 0)));
    const again = await runRetention(domain.app, { today });
    expect(again.oldRows.every(({ rows }) => rows === 0)).equal(true);
  });

  it('of the access log is kept for 90 days whatever a setting says, and no role deletes it itself', async () => {
    const retention = { ...domain.app.retention, accessLogDays: keptDaysLimits.accessLogDays.min - 10 };
    await owner.reader.query({ name: '', text: `update access_log set at = now() - interval '85 days'` });
    const before = await counts();
    const refused = await runRetention({ ...domain.app, retention }, { today }).then(() => null, sqlStateOf);
    expect(refused).equal('22023');
    expect(await counts()).eql(before);
    expect(before[0]).greaterThan(0);
    expect(await sql(domain, `delete from access_log`).then(() => null, sqlStateOf)).equal('42501');
  });

  it('is not told of a day that has not begun', async () => {
    const tomorrow = addDays(utcDayOf(Date.now()), 2);
    const refused = await runRetention(domain.app, { today: tomorrow }).catch((error: unknown) => error);
    expect(refused).property('code', 'invalid');
  });
});
