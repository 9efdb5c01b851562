// Study days of facts as they are stored, and the one statement that ever changes a fact. Only an owner may run it.
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type DatedEvent = {
  readonly id: string;
  readonly atMs: number;
  readonly timezone: string | null;
  readonly eventType: string;
  readonly studyDay: string;
};

export type MovedEvent = { readonly id: string; readonly atMs: number; readonly studyDay: string };

export type ZoneSettings = { readonly timezone: string; readonly rolloverHour: number };

const selectEvents = statement(
  'rebucket.events',
  `select e.id, (extract(epoch from e.created_at) * 1000)::float8 as "atMs", e.timezone, e.event_type as "eventType",
    e.study_day::text as "studyDay"
  from study_events e
  left join learner_checkpoints c on c.user_id = e.user_id
  where e.user_id = $1 and (c.boundary is null or e.created_at >= c.boundary::timestamp at time zone 'UTC')`,
);

const selectSettings = statement(
  'rebucket.settings',
  `select timezone, rollover_hour as "rolloverHour"
  from learners
  where user_id = $1`,
);

const selectLearners = statement(
  'rebucket.learners',
  `select user_id as "userId"
  from learners
  where $1::uuid is null or user_id > $1
  order by user_id
  limit $2`,
);

const moveEvents = statement(
  'rebucket.move_events',
  `update study_events e
  set study_day = m.study_day
  from unnest($2::timestamptz[], $3::uuid[], $4::date[]) as m (at, id, study_day)
  where e.user_id = $1 and e.created_at = m.at and e.id = m.id`,
);

const moveAttempts = statement(
  'rebucket.move_attempts',
  `update question_attempts a
  set study_day = m.study_day
  from unnest($2::timestamptz[], $3::uuid[], $4::date[]) as m (at, id, study_day)
  where a.user_id = $1 and a.attempted_at = m.at and a.id = m.id`,
);

// A day that keeps events keeps its row, and with it the goal it was computed under.
const deleteEmptyDays = statement(
  'rebucket.delete_days',
  `delete from daily_user_stats
  where user_id = $1 and stat_date <> all($2::date[]) and ($3::date is null or stat_date >= $3)`,
);
const deleteTopicDays = statement(
  'rebucket.delete_topic_days',
  `delete from topic_daily_stats
  where user_id = $1 and ($2::date is null or stat_date >= $2)`,
);
const deleteWeeks = statement(
  'rebucket.delete_weeks',
  `delete from weekly_user_stats
  where user_id = $1
    and ($2::date is null or (iso_year, iso_week) >= (extract(isoyear from $2)::int, extract(week from $2)::int))`,
);
// Without a cursor the next fold begins anew; the night that was applied stays applied.
const resetProgress = statement(
  'rebucket.reset_progress',
  `update learner_progress
  set answers = 0, cursor_at = null, cursor_id = null
  where user_id = $1`,
);

/** Events with the day they are stored under; of a learner with a checkpoint those from its boundary on. */
export function listDatedEvents(reader: Reader, userId: string): Promise<readonly DatedEvent[]> {
  return reader.query<DatedEvent>(selectEvents, [userId]);
}

export async function findZoneSettings(reader: Reader, userId: string): Promise<ZoneSettings | null> {
  const [row] = await reader.query<ZoneSettings>(selectSettings, [userId]);
  return row ?? null;
}

/** The next learners in order of their id. */
export async function listLearnersAfter(
  reader: Reader,
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.query<{ userId: string }>(selectLearners, [after, limit]);
  return rows.map(({ userId }) => userId);
}

/** Gives events, and the attempts they are, another study day. */
export async function moveStudyDays(
  tx: Tx,
  userId: string,
  { events, attempts }: { readonly events: readonly MovedEvent[]; readonly attempts: readonly MovedEvent[] },
): Promise<void> {
  await tx.query(moveEvents, [userId, ...columnsOf(events)]);
  if (attempts.length > 0) await tx.query(moveAttempts, [userId, ...columnsOf(attempts)]);
}

export type DerivedDays = {
  /** Those that have events now. */
  readonly days: readonly string[];
  /** Days before it stay as they are; null: none does. */
  readonly from: string | null;
};

/** Takes away what was derived by study day, and the place of the fold. */
export async function deleteDerivedDays(tx: Tx, userId: string, { days, from }: DerivedDays): Promise<void> {
  await tx.query(deleteEmptyDays, [userId, days, from]);
  await tx.query(deleteTopicDays, [userId, from]);
  await tx.query(deleteWeeks, [userId, from]);
  await tx.query(resetProgress, [userId]);
}

function columnsOf(moved: readonly MovedEvent[]) {
  return [
    moved.map(({ atMs }) => new Date(atMs)),
    moved.map(({ id }) => id),
    moved.map(({ studyDay }) => studyDay),
  ] as const;
}
