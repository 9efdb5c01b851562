import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import type { Reader } from '../database/index.ts';
import { findIsLearner } from '../stores/dashboard-learner-store.ts';
import { findSettings } from '../stores/settings-store.ts';
import type { SettingsRow } from '../stores/settings-store.ts';

const noLearner = (userId: string): DomainError =>
  new DomainError('not_found', `There is no learner ${userId}.`, { path: 'userId' });

/**
 * Tells an empty dashboard from a learner who does not exist (or was erased): asked only when a read came back empty.
 * Throws `not_found`.
 */
export async function requireLearner(reader: Reader, userId: string): Promise<void> {
  if (!(await findIsLearner(reader, userId))) throw noLearner(userId);
}

/** Asks nothing: of who is no learner something else has told, or will. */
export const knownLearner: App['requireLearner'] = () => Promise.resolve();

/** What the learner has set. Throws `not_found` for an unknown learner. */
export async function getLearnerSettings(reader: Reader, userId: string): Promise<SettingsRow> {
  const settings = await findSettings(reader, userId);
  if (settings === null) throw noLearner(userId);
  return settings;
}
