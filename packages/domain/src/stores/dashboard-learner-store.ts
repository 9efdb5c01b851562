import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type LearnerWatermarkRow = {
  readonly userId: string;
  readonly watermark: number;
  readonly curriculumVersion: number;
  readonly peersNight: string | null;
  readonly timezone: string;
  readonly rolloverHour: number;
  readonly nowSeconds: number;
};

// $2 is the fixed clock of tests, or null for the database's own.
const watermarksWhere = (learners: string): string =>
  `select
    l.user_id as "userId",
    l.watermark::double precision as watermark,
    (select version from curriculum_version) as "curriculumVersion",
    (select watermark::text from batch_runs where step = 'peers') as "peersNight",
    l.timezone,
    l.rollover_hour as "rolloverHour",
    date_part('epoch', coalesce($2::timestamptz, now())) as "nowSeconds"
  from learners l
  where ${learners}`;

const selectWatermark = statement('dashboard.learner_watermark', watermarksWhere('l.user_id = $1'));
const selectWatermarks = statement('dashboard.learner_watermarks', watermarksWhere('l.user_id = any($1::uuid[])'));

const selectExists = statement('dashboard.learner_exists', `select true as known from learners where user_id = $1`);

/** Null for who is no learner. */
export async function findLearnerWatermark(
  reader: Reader,
  { userId, fixedAt }: { readonly userId: string; readonly fixedAt: Date | null },
): Promise<LearnerWatermarkRow | null> {
  const [row] = await reader.query<LearnerWatermarkRow>(selectWatermark, [userId, fixedAt]);
  return row ?? null;
}

/** Of those who are learners. */
export function findLearnerWatermarks(
  reader: Reader,
  { userIds, fixedAt }: { readonly userIds: readonly string[]; readonly fixedAt: Date | null },
): Promise<readonly LearnerWatermarkRow[]> {
  return reader.query<LearnerWatermarkRow>(selectWatermarks, [userIds, fixedAt]);
}

export async function findIsLearner(reader: Reader, userId: string): Promise<boolean> {
  return (await reader.query(selectExists, [userId])).length > 0;
}
