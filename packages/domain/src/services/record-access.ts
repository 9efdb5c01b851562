import type { App, Keys } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { insertAccessEntries } from '../stores/access-store.ts';
import { subjectOf } from './subject.ts';

/** Who does what, and why. */
export type Accessor = {
  readonly actor: { readonly userId: string; readonly role: string };
  /** What is done, for example `dashboard.overview`. */
  readonly action: string;
  readonly reason: string | null;
  readonly requestId: string | null;
};

export type Access = Accessor & {
  /** Whose data; one row for each of them. */
  readonly userIds: readonly string[];
};

/**
 * Writes down who reads or changes whose data and why, committed when it returns: call it before any of the data leaves. The
 * learner is there as a keyed hash only. Not idempotent: each call is an access.
 */
export async function recordAccess(app: Pick<App, 'database' | 'keys'>, access: Access): Promise<void> {
  if (access.userIds.length === 0) return;
  await app.database.transaction((tx) => recordAccessIn(tx, app.keys, access));
}

/** The same in the transaction of the change. Learners who act on themselves leave no row. */
export async function recordAccessIn(
  tx: Tx,
  keys: Pick<Keys, 'subject'>,
  { actor, userIds, action, reason, requestId }: Access,
): Promise<void> {
  const others = [...new Set(userIds)].filter((userId) => userId !== actor.userId);
  const subjects = others.map((userId) => subjectOf(keys.subject, userId));
  if (subjects.length === 0) return;
  await insertAccessEntries(tx, { actorId: actor.userId, actorRole: actor.role, subjects, action, reason, requestId });
}
