// When events arrive: most on their day, some days later and behind newer ones, some twice.
import type { EventInput } from '@studyin/domain/events';
import type { Random } from './random.ts';

export type Arrivals = {
  /** What arrives on a day, given what happened on it; days in their order. */
  arrive(day: number, sessions: readonly (readonly EventInput[])[]): readonly EventInput[];
};

// Of all sessions, and thereby of all events.
const LATE_SHARE = 0.05;
const REPEATED_SHARE = 0.01;

const A_FEW_DAYS = [1, 2, 3] as const;
const A_MONTH = 30;

/**
 * The shares hold by construction, not by chance: every twentieth session is late, every hundredth event comes twice. Counting
 * begins anywhere, so that learners with few events have their part too.
 */
export function createArrivals(random: Random, days: number): Arrivals {
  const late = new Map<number, EventInput[]>();
  const owed = { late: random.next(), repeated: random.next() };
  const delayOf = (day: number): number => {
    owed.late += LATE_SHARE;
    const longest = days - 1 - day; // whatever happened has arrived by the last day
    if (longest < 1 || owed.late < 1) return 0;
    owed.late -= 1;
    return Math.min(longest, random.chance(0.1) ? A_MONTH : random.pick(A_FEW_DAYS));
  };
  const repeat = (event: EventInput): readonly EventInput[] => {
    owed.repeated += REPEATED_SHARE;
    if (owed.repeated < 1) return [event];
    owed.repeated -= 1;
    return [event, event]; // a sender that got no answer sends again
  };
  return {
    arrive: (day, sessions) => {
      const inTime = sessions.flatMap((session) => {
        const delay = delayOf(day);
        if (delay === 0) return session;
        late.set(day + delay, [...(late.get(day + delay) ?? []), ...session]);
        return [];
      });
      return [...inTime, ...(late.get(day) ?? [])].flatMap(repeat);
    },
  };
}
