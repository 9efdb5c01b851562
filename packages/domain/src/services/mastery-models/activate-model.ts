// Which version of the mastery model rows are made under. Learners are moved to it by jobs, each in a transaction of their own.
import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import { DomainError } from '../../errors.ts';
import { enqueue, refoldLearnersJob } from '../../jobs/index.ts';
import {
  activateVersion,
  countLearnersBehind,
  getActiveVersion,
  listModelRows,
  lockModels,
} from '../../stores/model-store.ts';
import type { ModelRow } from '../../stores/model-store.ts';
import { cutLearners } from '../nightly/cut-learners.ts';

export type Activation = {
  readonly version: number;
  /** That was active before. */
  readonly before: number;
  /** Learners whose rows are to be made anew. */
  readonly learners: number;
};

// Seconds of work: those that a killed worker held wait until its heartbeat is missed.
const LEARNERS_A_JOB = 200;

/** Every version of the mastery model, oldest first. */
export function listModels({ database }: Pick<App, 'database'>): Promise<readonly ModelRow[]> {
  return listModelRows(database.reader);
}

/**
 * Makes a version the active one and sends the jobs that move learners to it. Idempotent: for the version that is active it sends
 * what may be missing. Throws `not_found` where there is no such version.
 */
export function activateModel(app: Pick<App, 'database' | 'jobs'>, version: number): Promise<Activation> {
  return app.database.transaction(async (tx) => {
    const versions = await lockModels(tx);
    if (!versions.includes(version)) {
      throw new DomainError('not_found', `There is no version ${version} of the mastery model.`);
    }
    return activateInTx(app, tx, version);
  });
}

/** `activateModel` for whoever has locked the versions. */
export async function activateInTx(app: Pick<App, 'jobs'>, tx: Tx, version: number): Promise<Activation> {
  const before = await getActiveVersion(tx);
  if (before !== version) await activateVersion(tx, version);
  const learners = await sendRefolds(app, tx, version);
  return { version, before, learners };
}

/** Sends the jobs for learners who are not under the active version; answers how many that are. */
export async function sendRefolds({ jobs }: Pick<App, 'jobs'>, tx: Tx, version: number): Promise<number> {
  const learners = await countLearnersBehind(tx, version);
  if (learners === 0) return 0;
  const payloads = (await cutLearners(tx, LEARNERS_A_JOB)).map((range) => ({ version, ...range }));
  await enqueue(jobs, tx, { job: refoldLearnersJob, payloads });
  return learners;
}
