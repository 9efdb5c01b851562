import { isStudyDay } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { isTimezone } from '../events/index.ts';
import { findErasedSubjects, lockLearner } from '../stores/learner-store.ts';
import { saveSettings } from '../stores/settings-store.ts';
import type { Settings } from './get-settings.ts';
import { subjectOf } from './subject.ts';

/** What is absent stays as it is; an exam date of null removes it. */
export type SettingsInput = {
  readonly userId: string;
  readonly timezone?: string | undefined;
  readonly rolloverHour?: number | undefined;
  readonly dailyGoalMinutes?: number | undefined;
  readonly examDate?: string | null | undefined;
};

/**
 * Changes a learner's settings and answers all of them; makes the learner where there is none. Days that are stored are not
 * moved by a new zone, rollover hour or goal. Idempotent but for the watermark.
 * Throws `invalid` with the path of a value that is out of range, `erased` for a learner who was erased.
 */
export async function updateSettings(
  { database, keys, clock }: Pick<App, 'database' | 'keys' | 'clock'>,
  input: SettingsInput,
): Promise<Settings> {
  requireValid(input);
  const { userId, timezone = null, rolloverHour = null, dailyGoalMinutes = null, examDate } = input;
  return database.transaction(async (tx) => {
    await lockLearner(tx, userId);
    const { erased } = await findErasedSubjects(tx, [subjectOf(keys.subject, userId)], clock.fixedAt);
    // The lock made the erased learner's row again; throwing takes it back.
    if (erased.size > 0) throw new DomainError('erased', 'This learner was erased.', { path: 'userId' });
    return saveSettings(tx, {
      userId,
      timezone,
      rolloverHour,
      dailyGoalMinutes,
      examDate: examDate === undefined ? null : { day: examDate },
    });
  });
}

function requireValid({ timezone, rolloverHour, dailyGoalMinutes, examDate }: SettingsInput): void {
  if (timezone !== undefined && !isTimezone(timezone)) {
    throw new DomainError('invalid', 'timezone must be the name of an IANA zone.', { path: 'timezone' });
  }
  requireWithin('rolloverHour', rolloverHour, { min: 0, max: 23 });
  requireWithin('dailyGoalMinutes', dailyGoalMinutes, { min: 1, max: 1440 });
  if (examDate !== undefined && examDate !== null && !isExamDate(examDate)) {
    throw new DomainError('invalid', 'examDate must be a day of the years 2000 to 2100.', { path: 'examDate' });
  }
}

function requireWithin(
  path: string,
  value: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new DomainError('invalid', `${path} must be a whole number from ${min} to ${max}.`, { path });
}

function isExamDate(text: string): boolean {
  return isStudyDay(text) && text >= '2000-01-01' && text <= '2100-12-31';
}
