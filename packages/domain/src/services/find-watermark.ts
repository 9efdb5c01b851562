import type { App } from '../app.ts';
import {
  findLearnerWatermark,
  findLearnerWatermarks,
  findOwnLearnerWatermark,
} from '../stores/dashboard-learner-store.ts';
import type { LearnerWatermarkRow, OwnWatermarkRow } from '../stores/dashboard-learner-store.ts';

/** What an answer depends on that is made of the learner's rows alone. */
export type OwnWatermark = {
  /** Grows with every write of the learner's facts, settings and derived rows. */
  readonly watermark: number;
  /** The learner's study day at this moment, in their own zone and with their rollover hour. */
  readonly studyDay: string;
};

/** What any answer about a learner depends on. */
export type Watermark = OwnWatermark & {
  readonly curriculumVersion: number;
  /** The last night that the distributions of peers were computed for; null before the first. */
  readonly peersNight: string | null;
};

type WatermarkApp = Pick<App, 'database' | 'clock' | 'studyDayAt' | 'zones'>;

/**
 * What an answer about a learner depends on, read before each: an answer kept under all of it is never stale.
 * Null when there is no such learner, which is also how an erased one is never served.
 */
export async function findWatermark(
  app: WatermarkApp,
  { userId }: { readonly userId: string },
): Promise<Watermark | null> {
  const row = await findLearnerWatermark(app.database.reader, { userId, fixedAt: app.clock.fixedAt });
  return row === null ? null : watermarkOf(app, row);
}

/** The same for an answer that says nothing of the curriculum and nothing of peers: no names of topics, no percentiles. */
export async function findOwnWatermark(
  app: WatermarkApp,
  { userId }: { readonly userId: string },
): Promise<OwnWatermark | null> {
  const row = await findOwnLearnerWatermark(app.database.reader, { userId, fixedAt: app.clock.fixedAt });
  return row === null ? null : ownWatermarkOf(app, userId, row);
}

/** `findWatermark` for several, by user id; who is no learner is not among them. */
export async function findWatermarks(
  app: WatermarkApp,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Watermark>> {
  const rows = await findLearnerWatermarks(app.database.reader, { userIds, fixedAt: app.clock.fixedAt });
  return new Map(rows.map((row) => [row.userId, watermarkOf(app, row)]));
}

function watermarkOf(app: WatermarkApp, row: LearnerWatermarkRow): Watermark {
  const { userId, curriculumVersion, peersNight } = row;
  const { watermark, studyDay } = ownWatermarkOf(app, userId, row);
  return { watermark, studyDay, curriculumVersion, peersNight };
}

function ownWatermarkOf(
  { zones, studyDayAt }: Pick<WatermarkApp, 'zones' | 'studyDayAt'>,
  userId: string,
  row: OwnWatermarkRow,
): OwnWatermark {
  const { watermark, timezone, rolloverHour, nowSeconds } = row;
  zones.note(userId, row);
  return { watermark, studyDay: studyDayAt(nowSeconds * 1000, timezone, rolloverHour) };
}
