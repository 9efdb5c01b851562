import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type DayRow = {
  readonly studyDay: string;
  readonly activeSeconds: number;
  readonly sessions: number;
  readonly questions: number;
  readonly correct: number;
  readonly xp: number;
  readonly goalMinutes: number;
  readonly asOf: string;
};

const selectDays = statement(
  'dashboard.days',
  `select
    stat_date::text as "studyDay",
    active_seconds as "activeSeconds",
    sessions,
    questions_attempted as questions,
    questions_correct as correct,
    xp_earned::double precision as xp,
    goal_minutes as "goalMinutes",
    as_of::text as "asOf"
  from daily_user_stats
  where user_id = $1
    and stat_date >= $2::date
  order by stat_date`,
);

/** A learner's days from `fromDay` on, oldest first; days without a row are absent. */
export function findDays(
  reader: Reader,
  { userId, fromDay }: { readonly userId: string; readonly fromDay: string },
): Promise<readonly DayRow[]> {
  return reader.query<DayRow>(selectDays, [userId, fromDay]);
}
