import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type ReviewRow = {
  readonly questionId: string;
  readonly topicId: string;
  readonly dueDay: string;
  readonly intervalDays: number;
  /** Null from a scheduler that keeps no model of memory. */
  readonly stability: number | null;
  readonly lastStudyDay: string;
  /** Of all that are due. */
  readonly total: number;
};

export type DueDayRow = { readonly day: string; readonly due: number; readonly overdue: number };

// Retrievability falls with days since the last answer / stability, whatever the power of the curve.
const selectQueue = statement(
  'dashboard.review_queue',
  `select
    question_id as "questionId",
    topic_id as "topicId",
    due_day::text as "dueDay",
    interval_days as "intervalDays",
    stability,
    last_study_day::text as "lastStudyDay",
    (count(*) over ())::int as total
  from question_progress
  where user_id = $1
    and due_day <= $2::date
  order by
    due_day < $2::date desc,
    greatest(0, $2::date - last_study_day) / stability desc nulls last,
    due_day,
    question_id
  limit $3`,
);

const selectForecast = statement(
  'dashboard.review_forecast',
  `select
    greatest(due_day, $2::date)::text as day,
    count(*)::int as due,
    (count(*) filter (where due_day < $2::date))::int as overdue
  from question_progress
  where user_id = $1
    and due_day <= $3::date
  group by greatest(due_day, $2::date)`,
);

/** Questions due on a study day or before: the overdue first, and among them as among the others the most forgotten first. */
export function findDueReviews(
  reader: Reader,
  { userId, today, limit }: { readonly userId: string; readonly today: string; readonly limit: number },
): Promise<readonly ReviewRow[]> {
  return reader.query<ReviewRow>(selectQueue, [userId, today, limit]);
}

/** How many questions are due on each day up to `lastDay`, the overdue among those of `today`; days without any are left out. */
export function findDueDays(
  reader: Reader,
  { userId, today, lastDay }: { readonly userId: string; readonly today: string; readonly lastDay: string },
): Promise<readonly DueDayRow[]> {
  return reader.query<DueDayRow>(selectForecast, [userId, today, lastDay]);
}
