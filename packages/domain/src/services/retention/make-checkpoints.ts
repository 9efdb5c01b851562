// All the checkpoints that a boundary asks for, one transaction for each learner.
import { addDays, RECENT_DAYS } from '../../algorithms/index.ts';
import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import { listStepRuns } from '../../stores/batch-store.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';
import { countLackingCheckpoint, listLackingCheckpoint } from '../../stores/checkpoint-store.ts';
import { allowLongStatements, listMonthsBefore } from '../../stores/retention-store.ts';
import { updateLearner } from '../update-learner.ts';
import { makeCheckpoint } from './make-checkpoint.ts';

export const allLearners: LearnerRange = { fromUserId: '00000000-0000-0000-0000-000000000000', toUserId: null };

export type CheckpointOptions = {
  readonly boundary: string;
  readonly range: LearnerRange;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

const LEARNERS_A_PAGE = 500;

/**
 * Makes the checkpoints that learners of a range lack, each after its learner was brought up to date; answers how many. A learner
 * whose facts cannot be accounted for does not keep the others from theirs. Throws `conflict` at the end then, with the first reason,
 * or at once where the nights lie too far back; and `unavailable` where the database does not answer.
 */
export async function makeCheckpoints(app: App, options: CheckpointOptions): Promise<number> {
  const { boundary, range, onProgress, signal } = options;
  const { database } = app;
  // Where no month is old, no learner has an old fact; most nights end here.
  if ((await listMonthsBefore(database.reader, boundary)).length === 0) return 0;
  const total = await countLacking(database, { boundary, range });
  if (total > 0) await requireNight(database, boundary);
  const failures: unknown[] = [];
  let done = 0;
  let after: string | null = null;
  onProgress?.(done, total);
  for (;;) {
    const userIds: readonly string[] = await listLacking(database, { boundary, range, after });
    for (const userId of userIds) {
      signal?.throwIfAborted();
      try {
        // Their days must be computed while the facts are there: a learner may wait for the worker.
        await updateLearner(app, { userId }, (tx) => makeCheckpoint(tx, { userId, boundary, models: app.models }));
        done += 1;
      } catch (error) {
        if (error instanceof DomainError && error.code === 'unavailable') throw error;
        failures.push(error);
      }
      onProgress?.(done, total);
    }
    after = userIds.at(-1) ?? null;
    if (after === null) break;
  }
  if (failures.length > 0) throw refusal(failures);
  return done;
}

/** How many learners of a range lack a checkpoint at a boundary. */
export function countLacking(
  database: App['database'],
  lacking: { readonly boundary: string; readonly range: LearnerRange },
): Promise<number> {
  return database.transaction(async (tx) => {
    await allowLongStatements(tx);
    return countLackingCheckpoint(tx, lacking);
  });
}

// A gap looks back over the attempts of its last days. Once a night lies further than that behind the boundary, none of them is old.
async function requireNight({ reader }: App['database'], boundary: string): Promise<void> {
  const needed = addDays(boundary, RECENT_DAYS);
  const [mastery] = await listStepRuns(reader, ['mastery']);
  const last = mastery?.watermark ?? null;
  if (last !== null && last >= needed) return;
  throw new DomainError(
    'conflict',
    `No fact is dropped before the night of ${needed} is done; ${last === null ? 'none is' : `the last one is ${last}`}.`,
  );
}

type LackingPage = { readonly boundary: string; readonly range: LearnerRange; readonly after: string | null };

function listLacking(database: App['database'], page: LackingPage): Promise<readonly string[]> {
  return database.transaction(async (tx) => {
    await allowLongStatements(tx);
    return listLackingCheckpoint(tx, { ...page, limit: LEARNERS_A_PAGE });
  });
}

function refusal(failures: readonly unknown[]): DomainError {
  const [first] = failures;
  const reason = first instanceof Error ? first.message : String(first);
  return new DomainError(
    'conflict',
    `${failures.length} learners have no checkpoint, so that no month can be dropped; the first: ${reason}`,
    { cause: first },
  );
}
