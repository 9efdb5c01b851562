import { statement } from '@studyin/domain/database';
import type { App } from '@studyin/domain/services';

export type DataTotals = {
  readonly learners: number;
  readonly events: number;
  readonly attempts: number;
  readonly masteryRows: number;
  readonly dailyRows: number;
};

const countAll = statement(
  'cli.count_all',
  `select
    (select count(*)::int from learners) as learners,
    (select count(*)::int from study_events) as events,
    (select count(*)::int from question_attempts) as attempts,
    (select count(*)::int from topic_mastery) as "masteryRows",
    (select count(*)::int from daily_user_stats) as "dailyRows"`,
);

const busiest = statement(
  'cli.find_busiest_learner',
  `select user_id as "userId"
  from user_learning_metrics
  where user_id = any($1::uuid[])
  order by questions_30d desc, user_id
  limit 1`,
);

/** Rows of the whole database. */
export async function countData({ database }: Pick<App, 'database'>): Promise<DataTotals> {
  const [totals] = await database.reader.query<DataTotals>(countAll);
  if (totals === undefined) throw new Error(`${countAll.name} returned no row`);
  return totals;
}

/** Of these learners the one with the most answers in the last 30 days; null where none has any row. */
export async function findBusiestLearner(
  { database }: Pick<App, 'database'>,
  userIds: readonly string[],
): Promise<string | null> {
  const [found] = await database.reader.query<{ userId: string }>(busiest, [userIds]);
  return found?.userId ?? null;
}
