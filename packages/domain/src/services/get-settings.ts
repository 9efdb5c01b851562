import type { App } from '../app.ts';
import { getLearnerSettings } from './require-learner.ts';

export type Settings = {
  /** IANA name. */
  readonly timezone: string;
  /** 0 to 23: the wall-clock hour at which a study day begins. */
  readonly rolloverHour: number;
  readonly dailyGoalMinutes: number;
  readonly examDate: string | null;
};

/** A learner's settings. Throws `not_found` for an unknown learner. */
export function getSettings(
  { database }: Pick<App, 'database'>,
  { userId }: { readonly userId: string },
): Promise<Settings> {
  return getLearnerSettings(database.reader, userId);
}
