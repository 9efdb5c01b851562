import { DomainError } from '../errors.ts';
import type { Reader } from '../database/index.ts';
import { findIsLearner } from '../stores/dashboard-learner-store.ts';

/**
 * Tells an empty dashboard from a learner who does not exist (or was erased): asked only when a read came back empty.
 * Throws `not_found`.
 */
export async function requireLearner(reader: Reader, userId: string): Promise<void> {
  if (!(await findIsLearner(reader, userId))) {
    throw new DomainError('not_found', `There is no learner ${userId}.`, { path: 'userId' });
  }
}
