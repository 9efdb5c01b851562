import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type OwnWatermarkRow = {
  readonly watermark: number;
  readonly timezone: string;
  readonly rolloverHour: number;
  readonly nowSeconds: number;
};

export type LearnerWatermarkRow = OwnWatermarkRow & {
  readonly userId: string;
  readonly curriculumVersion: number;
  readonly peersNight: string | null;
};

// $2 is the fixed clock of tests, or null for the database's own.
const own = `
    l.watermark::double precision as watermark,
    l.timezone,
    l.rollover_hour as "rolloverHour",
    date_part('epoch', coalesce($2::timestamptz, now())) as "nowSeconds"`;

const watermarksWhere = (learners: string): string =>
  `select
    l.user_id as "userId",
    (select version from curriculum_version) as "curriculumVersion",
    (select watermark::text from batch_runs where step = 'peers') as "peersNight",${own}
  from learners l
  where ${learners}`;

const selectOwnWatermark = statement(
  'dashboard.own_watermark',
  `select${own}\n  from learners l\n  where l.user_id = $1`,
);

const selectWatermark = statement('dashboard.learner_watermark', watermarksWhere('l.user_id = $1'));
const selectWatermarks = statement('dashboard.learner_watermarks', watermarksWhere('l.user_id = any($1::uuid[])'));

const selectExists = statement('dashboard.learner_exists', `select true as known from learners where user_id = $1`);

type LearnerAt = { readonly userId: string; readonly fixedAt: Date | null };

/** Without what all learners share, which takes PostgreSQL a quarter of the time. Null for who is no learner. */
export async function findOwnLearnerWatermark(
  reader: Reader,
  { userId, fixedAt }: LearnerAt,
): Promise<OwnWatermarkRow | null> {
  const [row] = await reader.query<OwnWatermarkRow>(selectOwnWatermark, [userId, fixedAt]);
  return row ?? null;
}

/** Null for who is no learner. */
export async function findLearnerWatermark(
  reader: Reader,
  { userId, fixedAt }: LearnerAt,
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
