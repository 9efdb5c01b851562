// Where learners were when they were last asked about: what their study day is guessed from before the database has said it.
import { LRUCache } from 'lru-cache';
import type { App } from '../app.ts';

export type Zone = { readonly timezone: string; readonly rolloverHour: number };

/** By learner; bounded. What it says may be out of date, so nothing may rest on it. */
export type LearnerZones = {
  last(userId: string): Zone | undefined;
  note(userId: string, zone: Zone): void;
};

const MOST_LEARNERS = 20_000;
/** What a learner has who never set anything. */
const firstZone: Zone = { timezone: 'UTC', rolloverHour: 0 };

export function createLearnerZones(): LearnerZones {
  const zones = new LRUCache<string, Zone>({ max: MOST_LEARNERS });
  return {
    last: (userId) => zones.get(userId),
    note: (userId, zone) => {
      const known = zones.peek(userId);
      if (known?.timezone === zone.timezone && known.rolloverHour === zone.rolloverHour) return;
      zones.set(userId, { timezone: zone.timezone, rolloverHour: zone.rolloverHour });
    },
  };
}

/**
 * Finds what depends on a learner's study day. `known` is what `findWatermark` was asked for before: until it has answered the rows
 * are sought for the day that it probably is, by this machine's clock and by where the learner was last. Where that was another
 * day, as after they moved or around their rollover, what was found is thrown away and sought again.
 */
export async function findOnStudyDay<T>(
  { zones, clock, studyDayAt }: Pick<App, 'zones' | 'clock' | 'studyDayAt'>,
  { userId, known }: { readonly userId: string; readonly known: Promise<{ readonly studyDay: string }> },
  find: (today: string) => Promise<T>,
): Promise<T> {
  const { timezone, rolloverHour } = zones.last(userId) ?? firstZone;
  const guess = studyDayAt((clock.fixedAt ?? new Date()).getTime(), timezone, rolloverHour);
  const finding = find(guess);
  const ended = finding.then(ignore, ignore);
  let day: string | null = null;
  try {
    ({ studyDay: day } = await known);
  } finally {
    if (day !== guess) await ended; // nothing goes on reading for a day that it is not
  }
  return day === guess ? finding : find(day);
}

const ignore = (): void => undefined;
