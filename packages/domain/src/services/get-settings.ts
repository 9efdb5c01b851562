import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { findSettings } from '../stores/settings-store.ts';

export type Settings = {
  /** IANA name. */
  readonly timezone: string;
  /** 0 to 23: the wall-clock hour at which a study day begins. */
  readonly rolloverHour: number;
  readonly dailyGoalMinutes: number;
  readonly examDate: string | null;
};

/** A learner's settings. Throws `not_found` for an unknown learner. */
export async function getSettings(
  { database }: Pick<App, 'database'>,
  { userId }: { readonly userId: string },
): Promise<Settings> {
  const settings = await findSettings(database.reader, userId);
  if (settings === null) throw new DomainError('not_found', `There is no learner ${userId}.`, { path: 'userId' });
  return settings;
}
