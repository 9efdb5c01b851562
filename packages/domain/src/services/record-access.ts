import type { App } from '../app.ts';
import { insertAccessEntries } from '../stores/access-store.ts';
import { subjectOf } from './subject.ts';

export type Access = {
  readonly actor: { readonly userId: string; readonly role: string };
  /** Whose data; one row for each of them. */
  readonly userIds: readonly string[];
  /** What was done, for example `dashboard.overview`. */
  readonly action: string;
  readonly reason: string | null;
  readonly requestId: string | null;
};

/**
 * Writes down who reads or changes whose data and why, committed when it returns: call it before any of the data leaves. The
 * learner is there as a keyed hash only. Not idempotent: each call is an access.
 */
export async function recordAccess(
  app: Pick<App, 'database' | 'keys'>,
  { actor, userIds, action, reason, requestId }: Access,
): Promise<void> {
  const subjects = [...new Set(userIds)].map((userId) => subjectOf(app.keys.subject, userId));
  if (subjects.length === 0) return;
  await app.database.transaction((tx) =>
    insertAccessEntries(tx, { actorId: actor.userId, actorRole: actor.role, subjects, action, reason, requestId }),
  );
}
