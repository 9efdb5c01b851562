// What the mastery bench stands on: learners with a past whose rows are derived, and a worker.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { startWorker } from '@studyin/devkit/processes/start-services';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import type { App } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { createStudyHistory } from '../load/study-history.ts';
import type { StudyHistory } from '../load/study-history.ts';
import { keys, role, startBenchDatabase } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { storeHistories } from './store-histories.ts';

export type MasteryStack = {
  readonly database: BenchDatabase;
  readonly worker: StartedProcess;
  readonly userIds: readonly string[];
  readonly history: StudyHistory;
};

/** Past answers of each learner. */
export const ANSWERS_A_LEARNER = 100;
/** Learners brought up to date at the same time: the worker's default. */
export const LANES = 2;

const DAYS = 20;
const TOPICS = 12;
const LOOK_EVERY_MS = 50;
const EMPTY_WITHIN_MS = 600_000;

/** Opens the stack for the time of `use`. */
export async function withMasteryStack<T>(
  { root, folder, size, progress, signal }: BenchContext,
  use: (stack: MasteryStack) => Promise<T>,
): Promise<T> {
  progress('starting PostgreSQL');
  const database = await startBenchDatabase(folder);
  try {
    const history = createStudyHistory({ answers: ANSWERS_A_LEARNER, days: DAYS, topics: TOPICS, endMs: Date.now() });
    const userIds = Array.from({ length: size }, (_, learner) => learnerId(learner));
    const answers = ANSWERS_A_LEARNER;
    await storeHistories({ database, url: database.url, userIds, history, answers }, { signal, progress });
    const worker = await startWorker({ root, databaseUrl: database.url, role, keys });
    try {
      return await use({ database, worker, userIds, history });
    } finally {
      await worker.stop();
    }
  } finally {
    await database.stop();
  }
}

/** Resolves when no update is waiting or at work. Throws where one has failed. */
export async function untilEmpty(app: App, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    const { waiting, active, dead } = await findBacklog(app.database.reader, updateLearnerJob);
    if (dead > 0) throw new Error(`${dead} learners could not be derived`);
    if (waiting + active === 0) return;
    if (performance.now() > deadlineMs) throw new Error(`${waiting + active} learners are not derived yet`);
    await sleep(LOOK_EVERY_MS, null, { signal });
  }
}
