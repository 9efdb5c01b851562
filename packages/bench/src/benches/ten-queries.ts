// The ten queries of the dashboards, and learners to ask them about.
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { Read } from '../load/load-order.ts';
import { keys } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';

export type DrawnLearner = {
  readonly userId: string;
  /** What they practised most. */
  readonly topicId: string;
  readonly questionId: string;
};

export type DashboardQuery = {
  readonly name: string;
  /** The time it is to be answered in, in ms, of nineteen calls of twenty. */
  readonly mostMs: number;
  readonly inputOf: (learner: DrawnLearner) => object;
};

const whole = (): object => ({});

/** As their screens ask them. */
export const tenQueries: readonly [DashboardQuery, ...DashboardQuery[]] = [
  { name: 'overview', mostMs: 10, inputOf: whole },
  { name: 'heatmap', mostMs: 50, inputOf: () => ({ days: 90 }) },
  { name: 'sessions', mostMs: 50, inputOf: () => ({ days: 30 }) },
  { name: 'mastery', mostMs: 100, inputOf: whole },
  { name: 'gaps', mostMs: 50, inputOf: whole },
  { name: 'topicTrend', mostMs: 50, inputOf: ({ topicId }) => ({ topicId, days: 90 }) },
  { name: 'questionHistory', mostMs: 20, inputOf: ({ questionId }) => ({ questionId }) },
  { name: 'firstAttemptAccuracy', mostMs: 100, inputOf: () => ({ days: 90 }) },
  { name: 'materialProgress', mostMs: 50, inputOf: whole },
  { name: 'reviewQueue', mostMs: 50, inputOf: whole },
];

/** For an API that keeps no answers. */
export const uncached = { STUDYIN_CACHE_MB: '0' } as const;

const withWhatTheyPractised = `
  select
    l.user_id as "userId",
    (
      select m.topic_id
      from topic_mastery m
      where m.user_id = l.user_id
      order by m.questions_attempted desc, m.topic_id
      limit 1
    ) as "topicId",
    (
      select q.question_id
      from question_progress q
      where q.user_id = l.user_id
      order by q.attempts desc, q.question_id
      limit 1
    ) as "questionId"`;

// Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006: the smallest −ln(u) / weight, u from a hash.
const draw = `${withWhatTheyPractised}
  from (
    select user_id
    from learners
    where answers > 0
    order by -ln((hashtextextended(user_id::text, $2)::float8 + 9.3e18) / 1.86e19) / answers
    limit $1
  ) l`;

const find = `${withWhatTheyPractised}
  from learners l
  where l.user_id = any($1::uuid[])
    and l.answers > 0
  order by l.user_id`;

/** Learners, each as likely as they have answers; the same for the same seed. None comes twice. */
export function drawLearners(
  database: ServedDatabase,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<readonly DrawnLearner[]> {
  return database.rowsOf<DrawnLearner>(draw, [count, seed]);
}

/** Those of some learners who have answered. */
export function findLearners(database: ServedDatabase, ids: readonly string[]): Promise<readonly DrawnLearner[]> {
  return database.rowsOf<DrawnLearner>(find, [ids]);
}

export function tokensOf(learners: readonly DrawnLearner[]): Promise<readonly string[]> {
  const ids = learners.map(({ userId }) => userId);
  return signTokens(ids, { secret: keys.token, role: 'learner' });
}

/** A query asked by each learner about themselves. */
export function readsOf(
  query: Pick<DashboardQuery, 'name' | 'inputOf'>,
  learners: readonly DrawnLearner[],
  tokens: readonly string[],
): readonly Read[] {
  return learners.map((learner, place) => {
    const input = encodeURIComponent(JSON.stringify({ json: query.inputOf(learner) }));
    return { path: `/trpc/dashboard.${query.name}?input=${input}`, token: tokens[place] ?? '' };
  });
}
