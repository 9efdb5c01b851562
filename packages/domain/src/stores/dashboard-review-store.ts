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
  /** Days since the last answer / stability; null without a stability. */
  readonly forgotten: number | null;
  /** Of all that are due. */
  readonly total: number;
};

export type ReviewPage = {
  readonly userId: string;
  readonly today: string;
  /** The last row of the page before. */
  readonly after: Pick<ReviewRow, 'forgotten' | 'dueDay' | 'questionId'> | null;
  readonly limit: number;
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
    forgotten,
    total
  from (
    select
      question_id,
      topic_id,
      due_day,
      interval_days,
      stability,
      last_study_day,
      greatest(0, $2::date - last_study_day) / stability as forgotten,
      (count(*) over ())::int as total
    from question_progress
    where user_id = $1
      and due_day <= $2::date
  ) q
  where $6::uuid is null
    or (due_day = $2::date, coalesce(-forgotten, 'infinity'), due_day, question_id)
      > ($5::date = $2::date, coalesce(-$4::float8, 'infinity'), $5::date, $6)
  order by
    due_day = $2::date,
    coalesce(-forgotten, 'infinity'),
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

/** One page of the questions due on a study day or before: the overdue first, and among them as among the others the most forgotten first. */
export function findDueReviews(
  reader: Reader,
  { userId, today, after, limit }: ReviewPage,
): Promise<readonly ReviewRow[]> {
  const values = [userId, today, limit, after?.forgotten ?? null, after?.dueDay ?? null, after?.questionId ?? null];
  return reader.query<ReviewRow>(selectQueue, values);
}

/** How many questions are due on each day up to `lastDay`, the overdue among those of `today`; days without any are left out. */
export function findDueDays(
  reader: Reader,
  { userId, today, lastDay }: { readonly userId: string; readonly today: string; readonly lastDay: string },
): Promise<readonly DueDayRow[]> {
  return reader.query<DueDayRow>(selectForecast, [userId, today, lastDay]);
}
