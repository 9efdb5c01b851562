// Several learners, and the nightly chain as a worker would follow it.
import { nightlyChunkJob, planNightlyJob } from '@studyin/domain/jobs';
import type { NightlyChunk } from '@studyin/domain/jobs';
import { planNights, runNightChunk } from '@studyin/domain/services';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { rowsOf } from '../learner-rows.ts';
import { sql, study } from '../verify-domain.ts';

export const learners = [1, 2, 3, 4, 5].map((n) => idOf('night learner', n));

export async function studyAll(domain: TestDomain): Promise<void> {
  for (const [seed, userId] of learners.entries()) await study(domain, { userId, seed: seed + 31 });
}

/** All that a night writes: rows of learners, then what is known over all of them as of `day`. */
export async function nightRows(domain: TestDomain, day: string): Promise<unknown> {
  const all = (table: string) =>
    sql(domain, `select to_jsonb(t) - 'calculated_at' as row from ${table} t where as_of = $1 order by 1`, [day]);
  return {
    learners: await Promise.all(learners.map((userId) => rowsOf(domain, userId))),
    peers: await all('peer_distributions'),
    questions: await all('question_statistics'),
  };
}

export async function watermarks(domain: TestDomain): Promise<Readonly<Record<string, string | null>>> {
  const rows = await sql<{ step: string; day: string | null }>(
    domain,
    `select step, watermark::text as day from batch_runs order by step`,
  );
  return Object.fromEntries(rows.map(({ step, day }) => [step, day]));
}

/** Sends the first plan and works the queue until it is empty; answers the steps in the order in which they were done. */
export async function followQueue({ app }: TestDomain): Promise<readonly string[]> {
  const { boss } = app.jobs;
  const done: string[] = [];
  await boss.send(planNightlyJob.name, {}, { singletonKey: 'all' });
  for (;;) {
    const [plan] = await boss.fetch(planNightlyJob.name);
    if (plan !== undefined) {
      await planNights(app, async (tx) => void (await boss.complete(planNightlyJob.name, plan.id, null, { db: tx })));
    }
    const [chunk] = await boss.fetch<NightlyChunk>(nightlyChunkJob.name);
    if (plan === undefined && chunk === undefined) return done;
    if (chunk === undefined) continue;
    const outcome = await runNightChunk(
      app,
      chunk.data,
      async (tx) => void (await boss.complete(nightlyChunkJob.name, chunk.id, null, { db: tx })),
    );
    if (outcome.isStepDone) done.push(`${chunk.data.step} ${chunk.data.day}`);
  }
}
