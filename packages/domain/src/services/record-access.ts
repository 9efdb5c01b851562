import type { App, Keys } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { insertAccessEntries } from '../stores/access-store.ts';
import { openText, sealText } from './sealed-text.ts';
import type { Place } from './sealed-text.ts';
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
  { userIds, ...accessor }: Access,
): Promise<void> {
  const others = [...new Set(userIds)].filter((userId) => userId !== accessor.actor.userId);
  const subjects = others.map((userId) => subjectOf(keys.subject, userId));
  if (subjects.length > 0) await insertAccess(tx, keys, { ...accessor, subjects });
}

/** Writes a row for each subject, its reason sealed. */
export async function insertAccess(
  tx: Tx,
  keys: Pick<Keys, 'subject'>,
  { actor, action, reason, requestId, subjects }: Accessor & { readonly subjects: readonly Buffer[] },
): Promise<void> {
  const entry = { actorId: actor.userId, actorRole: actor.role, action, requestId };
  const seal = (subject: Buffer): string | null =>
    reason === null ? null : sealText(keys.subject, reason, placeOfReason({ ...entry, subject }));
  await insertAccessEntries(
    tx,
    entry,
    subjects.map((subject) => ({ subject, reason: seal(subject) })),
  );
}

type AccessRow = { readonly actorId: string; readonly action: string; readonly subject: Buffer };

/** The reason of a row as it was written; null for none, and for one that cannot be opened. */
export function openReason(keys: Pick<Keys, 'subject'>, stored: string | null, row: AccessRow): string | null {
  return stored === null ? null : openText(keys.subject, stored, placeOfReason(row));
}

function placeOfReason({ actorId, action, subject }: AccessRow): Place {
  return ['access_log.reason', subject.toString('hex'), actorId, action];
}
