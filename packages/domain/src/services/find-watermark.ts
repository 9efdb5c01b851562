import type { App } from '../app.ts';
import { findLearnerWatermark } from '../stores/dashboard-learner-store.ts';

export type Watermark = {
  /** Grows with every write of the learner's facts, settings and derived rows. */
  readonly watermark: number;
  readonly curriculumVersion: number;
  /** The last night that the distributions of peers were computed for; null before the first. */
  readonly peersNight: string | null;
  /** The learner's study day at this moment, in their own zone and with their rollover hour. */
  readonly studyDay: string;
};

/**
 * What an answer about a learner depends on, read before each: an answer kept under all of it is never stale.
 * Null when there is no such learner, which is also how an erased one is never served.
 */
export async function findWatermark(
  app: Pick<App, 'database' | 'clock' | 'studyDayAt' | 'zones'>,
  { userId }: { readonly userId: string },
): Promise<Watermark | null> {
  const row = await findLearnerWatermark(app.database.reader, { userId, fixedAt: app.clock.fixedAt });
  if (row === null) return null;
  app.zones.note(userId, row);
  return {
    watermark: row.watermark,
    curriculumVersion: row.curriculumVersion,
    peersNight: row.peersNight,
    studyDay: app.studyDayAt(row.now.getTime(), row.timezone, row.rolloverHour),
  };
}
