import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sqlStateOf } from '@studyin/domain/database';
import { listArchives, recordEvents, runNights, runRetention, updateLearner, verify } from '@studyin/domain/services';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import { makeCheckpoint } from '../../src/services/retention/make-checkpoint.ts';
import { archiving, boundary, countOf, openRetentionDomain, splitHistory, studyAt, today } from './retention-domain.ts';
import type { RetentionDomain } from './retention-domain.ts';
import { broken, expectSound, sql } from './verify-domain.ts';

const oldFacts = `created_at < '${boundary}'`;

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
  );
}

describe('the steps of retention', function () {
  this.timeout(60_000);
  let domain: RetentionDomain;
  beforeEach(async () => {
    domain = await openRetentionDomain();
  });
  afterEach(() => domain.close());

  const learner = (seed: number): string => idOf('learner with a past', seed);
  const study = async (seeds: readonly number[]): Promise<void> => {
    for (const seed of seeds) await studyAt(domain.past, { userId: learner(seed), items: splitHistory(seed).early });
  };

  it('drop nothing while one learner lacks a checkpoint, whoever asks', async () => {
    await study([1]);
    const facts = await countOf(domain, 'study_events');
    const asked = await sql(domain, `select drop_partitions('2026-01-01')`).then(() => null, sqlStateOf);
    expect(asked).equal('55000');
    expect(await countOf(domain, 'study_events')).equal(facts);
    expect(await sql(domain, `select * from delete_old_projections('2026-01-01', 100)`)).eql([
      { interactions: 0, sessions: 0 },
    ]);
  });

  it('are taken up where they were interrupted, between any two of them', async () => {
    const seeds = [1, 2, 3];
    await study(seeds);
    const steps: string[] = [];
    for (let runs = 0; ; runs += 1) {
      expect(runs).lessThan(60);
      const aborting = new AbortController();
      let told = 0;
      const onProgress = (step: string): void => {
        steps.push(step);
        told += 1;
        // The first word is of the step that is already done; the second comes after one learner, month or chunk more.
        if (told > 3) aborting.abort();
      };
      const ended = await runRetention(domain.app, { today, onProgress, signal: aborting.signal }).then(
        () => true,
        () => false,
      );
      for (const seed of seeds) await expectSound(domain, learner(seed));
      if (ended) break;
    }
    expect(new Set(steps)).eql(new Set(['checkpoints', 'months', 'projections']));
    expect(await countOf(domain, 'study_events', oldFacts)).equal(0);
    expect(await countOf(domain, 'study_sessions', `last_event_at < '2024-03-29'`)).equal(0);
  });

  it('do no harm when two run at once', async () => {
    await study([1, 2]);
    const facts = await countOf(domain, 'study_events', oldFacts);
    const archiveDir = mkdtempSync(join(tmpdir(), 'studyin-archive-'));
    try {
      const runs = await Promise.allSettled(
        [1, 2].map(() => runRetention(archiving(domain.app, archiveDir), { today })),
      );
      expect(runs.map(({ status }) => status)).include('fulfilled');
      await runRetention(archiving(domain.app, archiveDir), { today });
      const [march] = await listArchives(archiveDir);
      expect(march?.tables[0]?.rows).equal(facts);
      expect(await countOf(domain, 'study_events', oldFacts)).equal(0);
      expect(readdirSync(archiveDir).filter((name) => name.startsWith('.'))).eql([]);
      for (const seed of [1, 2]) await expectSound(domain, learner(seed));
    } finally {
      rmSync(archiveDir, { recursive: true });
    }
  });

  it('give way to who reads facts for long, and are done when they have read', async () => {
    await study([1]);
    const facts = await countOf(domain, 'study_events');
    const seen = await domain.app.database.transaction(async (tx) => {
      await tx.query({ name: '', text: 'select from study_events limit 1' });
      const started = performance.now();
      const refused = await runRetention(domain.app, { today }).catch((error: unknown) => error);
      expect(refused).property('code', 'unavailable');
      // Four times a second: whoever writes facts waits behind it. As long as other locks are waited for it would be 20.
      expect(performance.now() - started).lessThan(15_000);
      return countOf(domain, 'study_events');
    });
    expect(seen).equal(facts);
    expect((await runRetention(domain.app, { today })).months).not.empty;
    expect(await countOf(domain, 'study_events', oldFacts)).equal(0);
  });

  it('compute the days of a learner who still waits for the worker before they go', async () => {
    const userId = learner(1);
    await recordEvents(
      domain.past,
      splitHistory(1).early.map((item) => ({ ...item, userId })),
    );
    await runRetention(domain.app, { today });
    expect(await countOf(domain, 'daily_user_stats', `stat_date < '${boundary}'`)).greaterThan(5);
    await expectSound(domain, userId);
  });

  it('leave a learner alone who has nothing old', async () => {
    const userId = learner(7);
    const at = '2024-04-20T10:00:00Z';
    const item = {
      userId,
      input: { eventType: 'session_start', eventId: eventIdAt(at), sessionId: idOf('session', 1) },
      origin: { clientIp: null, deviceType: null },
    };
    await recordEvents(domain.past, [item]);
    expect(await runRetention(domain.app, { today })).include({ learners: 0, sessions: 0 });
    await updateLearner(domain.app, { userId });
    await expectSound(domain, userId);
  });

  it('keep what a learner has read of a material in one row of old sessions', async () => {
    await study([2]);
    const sums = `select material_id, chunk_id, sum(duration_seconds)::float8 as seconds, min(completed_at) as completed_at,
      max(ended_at) as ended_at, sum(open_count)::int as opens from material_interactions group by 1, 2 order by 1, 2`;
    const before = await sql(domain, sums);
    const { interactions } = await runRetention(domain.app, { today });
    expect(interactions).greaterThan(5);
    expect(await sql(domain, sums)).eql(before);
    const old = `last_event_at < timestamptz '${boundary} 00:00:00Z' - interval '3 days'`;
    expect(await countOf(domain, 'study_sessions', old)).equal(0);
    const stray = `session_id <> '00000000-0000-0000-0000-000000000000'
      and not exists (select from study_sessions s where s.user_id = material_interactions.user_id and s.id = session_id)`;
    expect(await countOf(domain, 'material_interactions', stray)).equal(0);
  });

  it('keep every month for a learner whose answers are not all there, who does not keep the others from their checkpoints', async () => {
    await study([1, 2]);
    const broken = [learner(1)];
    await sql(domain, `update learners set answers = answers + 1 where user_id = any($1)`, [broken]);
    await sql(domain, `update learner_progress set answers = answers + 1 where user_id = any($1)`, [broken]);
    const refused = await runRetention(domain.app, { today }).catch((error: unknown) => error);
    expect(refused).property('code', 'conflict');
    expect(refused)
      .property('message')
      .match(/^1 learners .* answers before 2024-04-01 and \d+ from it on are not the \d+ accepted ones$/);
    expect(await countOf(domain, 'study_events', oldFacts)).greaterThan(0);
    expect(await sql(domain, `select user_id as id from learner_checkpoints`)).eql([{ id: learner(2) }]);
    // A night goes on to its end, and says so.
    const events: string[] = [];
    const log = { ...domain.app.log, error: ({ event }: { readonly event: string }) => void events.push(event) };
    const steps = await runNights({ ...domain.app, log });
    const differing = steps.filter(({ differences }) => differences > 0).map(({ step }) => step);
    expect(differing).include.members(['checkpoints', 'retention']);
    expect(steps.at(-1)).include({ step: 'verify-sample' });
    expect(events.filter((event) => event === 'retention.refused')).length(2);
    expect(await countOf(domain, 'study_events', oldFacts)).greaterThan(0);
  });

  it('pass over a learner who was erased since they were listed', async () => {
    const erased = { userId: idOf('erased learner', 1), boundary };
    await domain.app.database.transaction((tx) => makeCheckpoint(tx, { ...erased, models: domain.app.models }));
    expect(await countOf(domain, 'learner_checkpoints')).equal(0);
  });

  it('wait for the nights: a gap looks back over the attempts of thirty days', async () => {
    const other = await openRetentionDomain({ withNights: false });
    try {
      await studyAt(other.past, { userId: learner(1), items: splitHistory(1).early });
      const facts = await countOf(other, 'study_events');
      const run = () => runRetention(other.app, { today }).then(() => '', String);
      expect(await run()).match(/No fact is dropped before the night of 2024-05-01 is done; none is\./);
      await runNights({ ...other.app, clock: { fixedAt: new Date('2024-05-01T12:00:00Z') } });
      expect(await run()).match(/the last one is 2024-04-30\./);
      expect(await countOf(other, 'study_events')).equal(facts);
      await runNights({ ...other.app, clock: { fixedAt: new Date('2024-05-02T12:00:00Z') } });
      expect(await run()).equal('');
      await expectSound(other, learner(1));
    } finally {
      await other.close();
    }
  });

  it('wait for the month to have begun an hour ago, and for a day that is one', async () => {
    const at = (fixedAt: string) => ({ ...domain.app, clock: { fixedAt: new Date(fixedAt) } });
    const run = (fixedAt: string, day: string) => codeOf(runRetention(at(fixedAt), { today: day, dryRun: true }));
    expect(await run('2026-03-01T00:59:59Z', '2026-03-01')).equal('invalid');
    expect(await run('2026-03-01T01:00:00Z', '2026-03-01')).equal(null);
    expect(await run('2026-03-01T00:59:59Z', '2026-02-28')).equal(null);
    expect(await run('2026-03-06T00:00:00Z', '2026-04-01')).equal('invalid');
    expect(await run('2026-03-06T00:00:00Z', 'today')).equal('invalid');
  });

  it('are checked: a checkpoint that disagrees with itself or with the count of answers is found', async () => {
    await study([1]);
    await runRetention(domain.app, { today });
    const userIds = [learner(1)];
    const [stored] = await sql<{ state: object }>(domain, `select state from learner_checkpoints`);
    const tampered: readonly (readonly [sql: string, invariants: readonly string[]])[] = [
      [`update learner_checkpoints set answers = answers + 1`, ['once', 'derived']],
      [`update learner_checkpoints set state = jsonb_set(state, '{reviews,sm2}', '{}')`, ['derived']],
      [`update learner_checkpoints set state = jsonb_set(state, '{topics}', '{}')`, ['derived']],
      [`update learner_checkpoints set kept = null`, ['session_counters', 'derived']],
    ];
    for (const [text, invariants] of tampered) {
      const [row] = await sql<{ answers: string; kept: object | null }>(
        domain,
        `select answers, kept from learner_checkpoints`,
      );
      await sql(domain, text);
      expect(broken(await verify(domain.app, { userIds })), text).eql(invariants);
      await sql(domain, `update learner_checkpoints set answers = $1, state = $2, kept = $3`, [
        row?.answers,
        JSON.stringify(stored?.state),
        JSON.stringify(row?.kept),
      ]);
    }
    await expectSound(domain, learner(1));
  });
});
