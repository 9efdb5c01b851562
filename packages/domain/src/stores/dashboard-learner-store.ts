import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type LearnerWatermarkRow = {
  readonly userId: string;
  readonly watermark: number;
  readonly curriculumVersion: number;
  readonly peersNight: string | null;
  readonly timezone: string;
  readonly rolloverHour: number;
  readonly now: Date;
};

// $2 is the fixed clock of tests, or null for the database's own.
const selectWatermarks = statement(
  'dashboard.learner_watermark',
  `select
    l.user_id as "userId",
    l.watermark::double precision as watermark,
    (select version from curriculum_version) as "curriculumVersion",
    (select watermark::text from batch_runs where step = 'peers') as "peersNight",
    l.timezone,
    l.rollover_hour as "rolloverHour",
    coalesce($2::timestamptz, now()) as now
  from learners l
  where l.user_id = any($1::uuid[])`,
);

const selectExists = statement('dashboard.learner_exists', `select true as known from learners where user_id = $1`);

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
