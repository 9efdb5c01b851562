// Which step of which night is next: days and watermarks in, a place in the chain out. No clock and no database.
import { addDays, daysBetween, daysToRollUp, utcDayOf } from '../../algorithms/index.ts';
import type { NightStep } from './night-step.ts';

export type NightWork = { readonly step: NightStep; readonly day: string };
export type Watermarks = ReadonlyMap<string, string | null>;

const MINUTE_MS = 60_000;
const NIGHT_ENDS_MINUTE = 300;

/** What is to be done at `nowMs`: the oldest night first, within a night the steps in their order. Null: nothing is due. */
export function nextNightWork(steps: readonly NightStep[], watermarks: Watermarks, nowMs: number): NightWork | null {
  const work = steps.flatMap((step) => {
    const today = utcDayOf(nowMs - step.dueMinute * MINUTE_MS);
    const [day] = nightsOf(step, watermarks.get(step.name) ?? null, today);
    return day === undefined ? [] : [{ step, day }];
  });
  return inOrder(work)[0] ?? null;
}

/** All that is left up to the night of `lastDay`, in order. A step that is done with that night does it again. */
export function listNightWork(
  steps: readonly NightStep[],
  watermarks: Watermarks,
  lastDay: string,
): readonly NightWork[] {
  return inOrder(
    steps.flatMap((step) => {
      const days = nightsOf(step, watermarks.get(step.name) ?? null, addDays(lastDay, 1));
      return (days.length === 0 ? [lastDay] : days).map((day) => ({ step, day }));
    }),
  );
}

/**
 * By how many nights a step is late at `nowMs`: a night must be done by 05:00 UTC.
 * Edge cases: 0 for all until the first night must be done; then 1 for a step that never ran while another one has.
 */
export function lagDaysOf(step: NightStep, watermarks: Watermarks, nowMs: number): number {
  const watermark = watermarks.get(step.name) ?? null;
  const dueDay = addDays(utcDayOf(nowMs - NIGHT_ENDS_MINUTE * MINUTE_MS), -1);
  if (watermark !== null) return Math.max(0, daysBetween(watermark, dueDay));
  return [...watermarks.values()].some((one) => one !== null && one <= dueDay) ? 1 : 0;
}

function nightsOf({ missed }: NightStep, watermark: string | null, today: string): readonly string[] {
  const days = daysToRollUp(watermark, today);
  return missed === 'each' ? days : days.slice(-1);
}

// `sort` is stable: within a night the steps keep their order.
function inOrder(work: readonly NightWork[]): readonly NightWork[] {
  return work.toSorted((a, b) => daysBetween(b.day, a.day));
}
