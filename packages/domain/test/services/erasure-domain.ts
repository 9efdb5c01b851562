// A domain with learners who have left something in every table that can hold them, and an eraser beside it.
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { storedSessionId } from '@studyin/domain/events';
import { recordEvents } from '@studyin/domain/services';
import type { Eraser } from '@studyin/domain/services';
import { findResidue } from '@studyin/testkit/find-residue';
import type { Residue } from '@studyin/testkit/find-residue';
import { randomHistory } from '@studyin/testkit/random-history';
import { idOf, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { openVerifyDomain, sql, startMs, study } from './verify-domain.ts';

export type ErasureDomain = {
  readonly domain: TestDomain;
  readonly eraser: Eraser;
  /** As the owner, who sees what every connection is doing. */
  readonly owner: Database;
  close(): Promise<void>;
};

const origin = { clientIp: null, deviceType: null };

export async function openErasureDomain(): Promise<ErasureDomain> {
  const domain = await openVerifyDomain();
  const database = connect({
    url: domain.database.url,
    role: 'studyin_eraser',
    poolSize: 5,
    applicationName: 'studyin-test-eraser',
  });
  const owner = connect({ url: domain.database.url, poolSize: 1, applicationName: 'studyin-test-owner' });
  const close = async (): Promise<void> => {
    await database.close();
    await owner.close();
    await domain.close();
  };
  return { domain, eraser: { database, keys: testKeys }, owner, close };
}

/** A history with derived rows, a quarantined item, a cohort, an item statistic, a job that waits and one that is dead. */
export async function leaveTraces(
  domain: TestDomain,
  { userId, seed }: { userId: string; seed: number },
): Promise<void> {
  await study(domain, { userId, seed });
  const events = randomHistory({ seed: seed + 1_000, startMs, days: 5, sessions: 1 });
  const unknown = {
    eventType: 'topic_explored',
    sessionId: idOf('session', 1),
    topicId: idOf('nowhere', 1),
    properties: {},
  };
  const [first] = events;
  const eventId = first?.input['eventId'];
  await recordEvents(domain.app, [
    ...events.map((item) => ({ ...item, userId })),
    {
      userId,
      input: { ...unknown, eventId: String(eventId).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) },
      origin,
    },
  ]);
  const cohortId = idOf('cohort', seed);
  await sql(domain, `insert into cohorts (id, name) values ($1, 'Year 2')`, [cohortId]);
  await sql(domain, `insert into cohort_members (cohort_id, user_id, role) values ($1, $2, 'learner')`, [
    cohortId,
    userId,
  ]);
  await sql(
    domain,
    `insert into question_statistics (question_id, version, answers, distractors, as_of)
    select question_id, 0, attempts, '{"their own words": 1}', '2026-01-31' from question_progress where user_id = $1
    on conflict do nothing`,
    [userId],
  );
  await sql(
    domain,
    `insert into learner_checkpoints (user_id, boundary, answers, state) values ($1, '2024-01-01', 0, '{}')`,
    [userId],
  );
  await sql(
    domain,
    `insert into pgboss.job (name, data) values ('update-learner-dead', jsonb_build_object('userId', $1::text))`,
    [userId],
  );
}

/** Where anything of these learners is left: their ids, and the stored ids of the sessions of `leaveTraces`. */
export function residueOf(
  domain: TestDomain,
  learners: readonly { userId: string; seed: number }[],
): Promise<readonly Residue[]> {
  const texts = learners.flatMap(({ userId, seed }) => [
    userId,
    ...Array.from({ length: 12 }, (_, n) =>
      storedSessionId(testKeys.session, userId, idOf(`history session ${seed}`, n)),
    ),
  ]);
  return findResidue(domain.database.url, texts);
}
