// Inputs and outputs of learner.*: a learner's own settings.
import { z } from 'zod';
import { isTimezone } from '@studyin/domain/events';

const timezone = z.string().max(64);
const rolloverHour = z.int().min(0).max(23);
const dailyGoalMinutes = z.int().min(1).max(1440);
const examDate = z.iso.date({ abort: true });

export const settingsInput = z.strictObject({}).optional();

const settings = { timezone, rolloverHour, dailyGoalMinutes, examDate: examDate.nullable() };

export const settingsOutput = z.strictObject(settings);

/** What is absent stays as it is; an exam date of null removes it. */
export const updateSettingsInput = z.strictObject({
  timezone: timezone.refine(isTimezone, { error: 'must be the name of an IANA zone' }).optional(),
  rolloverHour: rolloverHour.optional(),
  dailyGoalMinutes: dailyGoalMinutes.optional(),
  examDate: examDate
    .refine((day) => day >= '2000-01-01' && day <= '2100-12-31', { error: 'must be in the years 2000 to 2100' })
    .nullable()
    .optional(),
});

export const updateSettingsOutput = z.strictObject(settings);
