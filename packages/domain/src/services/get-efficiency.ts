import { computeEfficiency } from '../algorithms/index.ts';
import type { BestHour, EfficiencyMissing, HourColumns, Quartiles } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { minutesOf } from './dashboard-units.ts';
import { findHabits } from './find-habits.ts';

export type Efficiency = {
  /** The study day up to which the stored days were computed; null without any. */
  readonly asOf: string | null;
  readonly fromDay: string;
  readonly toDay: string;
  readonly totalMinutes: number;
  readonly activeMinutes: number;
  /** Active of total time; pauses and absences are the rest. */
  readonly activeShare: number | null;
  readonly sessions: number;
  readonly sessionMinutes: Quartiles | null;
  /** Columns: where each class of lengths begins, and the sessions in it. */
  readonly sessionLengths: { readonly fromMinutes: readonly number[]; readonly sessions: readonly number[] };
  readonly answers: number;
  readonly answerSeconds: Quartiles | null;
  readonly answersPerActiveHour: number | null;
  readonly hours: HourColumns;
  readonly bestHour: BestHour | null;
  readonly insufficient: readonly EfficiencyMissing[];
};

/** How well a learner's time of the last `days` study days is spent. Throws `not_found` for an unknown learner. */
export async function getEfficiency(
  { database }: Pick<App, 'database'>,
  { userId, today, days }: { readonly userId: string; readonly today: string; readonly days: number },
): Promise<Efficiency> {
  const habits = await findHabits(database.reader, { userId, today, days, withReadings: false });
  const { totalSeconds, activeSeconds, sessionSeconds, ...figures } = computeEfficiency(habits);
  return {
    asOf: habits.asOf,
    fromDay: habits.fromDay,
    toDay: habits.toDay,
    totalMinutes: minutesOf(totalSeconds),
    activeMinutes: minutesOf(activeSeconds),
    sessionMinutes: sessionSeconds === null ? null : quartileMinutes(sessionSeconds),
    ...figures,
  };
}

function quartileMinutes({ lower, median, upper }: Quartiles): Quartiles {
  return { lower: minutesOf(lower), median: minutesOf(median), upper: minutesOf(upper) };
}
