import { computePatterns } from '../algorithms/index.ts';
import type { Consistency, LateChange, MinuteColumns, PatternMissing, WeekColumns } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findFirstStudyDay, findStreak } from '../stores/dashboard-habit-store.ts';
import type { StreakRow } from '../stores/dashboard-habit-store.ts';
import { minutesOf } from './dashboard-units.ts';
import { findHabits } from './find-habits.ts';

export type Patterns = {
  /** The study day up to which the stored days were computed; null without any. */
  readonly asOf: string | null;
  readonly fromDay: string;
  readonly toDay: string;
  readonly consistency: Consistency;
  /** Of all time, as the overview shows it. */
  readonly streak: StreakRow;
  readonly week: WeekColumns;
  readonly minutes: MinuteColumns;
  readonly lateChange: LateChange | null;
  /** Columns, one entry for each kind of material, most read first. */
  readonly materialKinds: {
    readonly kinds: readonly (string | null)[];
    readonly minutes: readonly number[];
    readonly shares: readonly (number | null)[];
    readonly materials: readonly number[];
    readonly completed: readonly number[];
  };
  readonly insufficient: readonly PatternMissing[];
};

const noStreak: StreakRow = { currentDays: 0, longestDays: 0, lastStudyDay: null };

/** When, how regularly and with what a learner studied in the last `days` study days. Throws `not_found` for an unknown learner. */
export async function getPatterns(
  { database }: Pick<App, 'database'>,
  { userId, today, days }: { readonly userId: string; readonly today: string; readonly days: number },
): Promise<Patterns> {
  const { reader } = database;
  const [habits, firstStudyDay, streak] = await Promise.all([
    findHabits(reader, { userId, today, days, withReadings: true }),
    findFirstStudyDay(reader, userId),
    findStreak(reader, userId),
  ]);
  const { kinds, ...figures } = computePatterns({ ...habits, firstStudyDay });
  const { seconds, ...columns } = kinds;
  return {
    asOf: habits.asOf,
    fromDay: habits.fromDay,
    toDay: habits.toDay,
    streak: streak ?? noStreak,
    ...figures,
    materialKinds: { ...columns, minutes: seconds.map(minutesOf) },
  };
}
