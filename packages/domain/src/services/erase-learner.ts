// Forgetting a learner. The first transaction makes the tombstone and deletes the learner's row under its lock, from where on
// nobody stores or shows anything of theirs; then each table is emptied of them in a transaction of its own. All of it may be
// broken off anywhere and repeated.
import { createHash } from 'node:crypto';
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { eraseRows, erasureSteps, finishErasure, insertErasure, listPendingErasures } from '../stores/erasure-store.ts';
import type { Tombstone } from '../stores/erasure-store.ts';
import { insertAccess } from './record-access.ts';
import { subjectOf } from './subject.ts';

/** Who asks for the erasure of somebody else. */
export type ErasureActor = { readonly userId: string; readonly role: string; readonly requestId: string | null };

export type ErasureRequest = {
  readonly userId: string;
  /** Null where learners erase themselves: that is no access of another person. */
  readonly actor: ErasureActor | null;
  readonly reason: string | null;
};

export type ErasureReceipt = {
  /** The learner as tombstone and access log know them, in hex. */
  readonly subject: string;
  readonly erasedAt: string;
  readonly finishedAt: string;
  /** Rows that were deleted, for each table that can hold any. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly rows: number;
  /** SHA-256 of the JSON of what is above, in hex; the tombstone keeps it. */
  readonly hash: string;
};

export type ErasureOptions = {
  /** Told of each table inside its transaction, before and after its rows are gone. */
  readonly onStep?: (table: string, rows: number | null) => Promise<void> | void;
};

const LAST_SWEEP = 5;

/** Connected as a role that may delete: `studyin_eraser`. */
export type Eraser = Pick<App, 'database' | 'keys'>;

/**
 * Erases a learner, known or not, and answers what was deleted. Idempotent: repeated, it finishes what was broken off and answers
 * the same receipt. The audit row of an erasure by somebody else is written in its first transaction.
 */
export async function eraseLearner(
  { database, keys }: Eraser,
  { userId, actor, reason }: ErasureRequest,
  { onStep = () => undefined }: ErasureOptions = {},
): Promise<ErasureReceipt> {
  const learner = { userId, subject: subjectOf(keys.subject, userId) };
  await database.transaction(async (tx) => {
    await onStep('learners', null);
    await insertErasure(tx, learner);
    if (actor !== null) await insertAccess(tx, keys, accessOf(actor, learner.subject, reason));
    await onStep('learners', 1);
  });
  for (const step of erasureSteps) {
    await database.transaction(async (tx) => {
      await onStep(step.name, null);
      await onStep(step.name, await eraseRows(tx, step, learner));
    });
  }
  // Until nothing is found: a statement of the night that had begun may have put rows together while they were being deleted.
  for (let sweep = 1; (await database.transaction((tx) => eraseAgain(tx, learner))) > 0; sweep += 1) {
    if (sweep === LAST_SWEEP) throw new DomainError('unavailable', 'Rows of the learner are still being written.');
  }
  return receiptOf(await database.transaction((tx) => finishErasure(tx, learner.subject, hashOf)));
}

function accessOf({ requestId, ...actor }: ErasureActor, subject: Buffer, reason: string | null) {
  return { actor, subjects: [subject], action: 'privacy.erase', reason, requestId };
}

async function eraseAgain(tx: Tx, learner: { readonly userId: string; readonly subject: Buffer }): Promise<number> {
  let rows = 0;
  for (const step of erasureSteps) rows += await eraseRows(tx, step, learner);
  return rows;
}

/** Finishes erasures that were broken off; answers how many there were. One that fails keeps no other; the first error is thrown last. */
export async function finishErasures(eraser: Eraser): Promise<number> {
  const pending = await listPendingErasures(eraser.database.reader);
  const errors: unknown[] = [];
  for (const userId of pending) {
    await eraseLearner(eraser, { userId, actor: null, reason: null }).catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw errors[0];
  return pending.length;
}

function receiptOf(tombstone: Tombstone): ErasureReceipt {
  return { ...statedIn(tombstone), hash: hashOf(tombstone).toString('hex') };
}

function statedIn({ subject, erasedAt, finishedAt, counts }: Tombstone): Omit<ErasureReceipt, 'hash'> {
  if (finishedAt === null) throw new Error('an erasure that is not finished has no receipt');
  const tables = Object.entries(counts)
    .map(([table, rows]) => ({ table, rows }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
  return {
    subject: subject.toString('hex'),
    erasedAt: erasedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    tables,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function hashOf(tombstone: Tombstone): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(statedIn(tombstone)))
    .digest();
}
