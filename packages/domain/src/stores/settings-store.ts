import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type SettingsRow = {
  readonly timezone: string;
  readonly rolloverHour: number;
  readonly dailyGoalMinutes: number;
  readonly examDate: string | null;
};

/** Null keeps what is stored; the exam's date may also be removed, so it is wrapped. */
export type SettingsChange = {
  readonly userId: string;
  readonly timezone: string | null;
  readonly rolloverHour: number | null;
  readonly dailyGoalMinutes: number | null;
  readonly examDate: { readonly day: string | null } | null;
};

const columns = `timezone,
    rollover_hour as "rolloverHour",
    daily_goal_minutes as "dailyGoalMinutes",
    exam_date::text as "examDate"`;

const selectSettings = statement(
  'settings.select',
  `select
    ${columns}
  from learners
  where user_id = $1`,
);

const updateSettings = statement(
  'settings.update',
  `update learners set
    timezone = coalesce($2, timezone),
    rollover_hour = coalesce($3, rollover_hour),
    daily_goal_minutes = coalesce($4, daily_goal_minutes),
    exam_date = case when $5::boolean then $6::date else exam_date end
  where user_id = $1
  returning
    ${columns}`,
);

export async function findSettings(reader: Reader, userId: string): Promise<SettingsRow | null> {
  const [row] = await reader.query<SettingsRow>(selectSettings, [userId]);
  return row ?? null;
}

/** Changes the settings of a learner whose row the transaction has locked. */
export async function saveSettings(tx: Tx, change: SettingsChange): Promise<SettingsRow> {
  const { userId, timezone, rolloverHour, dailyGoalMinutes, examDate } = change;
  const values = [userId, timezone, rolloverHour, dailyGoalMinutes, examDate !== null, examDate?.day ?? null];
  const [row] = await tx.query<SettingsRow>(updateSettings, values);
  if (row === undefined) throw new Error('settings.update found no locked learner');
  return row;
}
