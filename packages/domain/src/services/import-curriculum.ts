import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { enqueue, updateLearnerJob } from '../jobs/index.ts';
import {
  getOutline,
  lockCurriculum,
  lockLearnersOf,
  raiseCurriculumVersion,
  updateDerivedTopics,
  upsertMaterials,
  upsertQuestions,
  upsertRelationships,
  upsertTopics,
} from '../stores/curriculum-write-store.ts';
import type { ChangedMaterial } from '../stores/curriculum-write-store.ts';
import { parseCurriculumInput } from './curriculum-input.ts';
import type { CurriculumInput, GivenCurriculum } from './curriculum-input.ts';
import { mergeOutline } from './merge-outline.ts';

const JOBS_A_STATEMENT = 1_000;

/** Rows inserted or changed; all 0 and the version as before where everything was there already. */
export type CurriculumImport = {
  readonly version: number;
  readonly topics: number;
  readonly relationships: number;
  readonly questions: number;
  readonly materials: number;
};

/**
 * Inserts or replaces the given rows of the curriculum, all or nothing; deletes none. A topic is known by its id, and a row
 * that is given replaces all of the stored one. Idempotent: the version rises only when something changed. Learners whose
 * topics gained or lost a material are brought up to date by the worker.
 * Throws `invalid` with the path of the fault: a cycle, an unknown parent or topic, a duplicate slug or id, a bad value.
 */
export async function importCurriculum(
  app: Pick<App, 'database' | 'jobs' | 'curriculum'>,
  input: CurriculumInput,
): Promise<CurriculumImport> {
  const given = parseCurriculumInput(input);
  const outcome = await app.database.transaction((tx) => saveCurriculum(app, tx, given));
  await app.curriculum.refresh();
  return outcome;
}

async function saveCurriculum(app: Pick<App, 'jobs'>, tx: Tx, given: GivenCurriculum): Promise<CurriculumImport> {
  const version = await lockCurriculum(tx);
  const outline = mergeOutline(await getOutline(tx), given);
  const topics = await upsertTopics(tx, outline.given, outline.renamed);
  const relationships = await upsertRelationships(tx, given.relationships);
  const questions = await upsertQuestions(tx, given.questions);
  const changedMaterials = await upsertMaterials(tx, given.materials);
  const changed = { topics, relationships, questions, materials: changedMaterials.length };
  if (Object.values(changed).every((count) => count === 0)) return { version, ...changed };
  await updateDerivedTopics(tx, outline.derived);
  await refreshLearners(app, tx, changedMaterials);
  return { version: await raiseCurriculumVersion(tx), ...changed };
}

/**
 * Sends a job for each learner of a topic that gained or lost a material. Under their locks: a job that is queued already
 * swallows ours, which is safe only when its worker must wait for this transaction.
 */
async function refreshLearners(app: Pick<App, 'jobs'>, tx: Tx, materials: readonly ChangedMaterial[]): Promise<void> {
  const moved = materials.filter(({ topicId, previousTopicId }) => topicId !== previousTopicId);
  const topicIds = new Set(
    moved.flatMap(({ topicId, previousTopicId }) =>
      previousTopicId === null ? [topicId] : [topicId, previousTopicId],
    ),
  );
  const userIds = await lockLearnersOf(tx, [...topicIds]);
  for (let start = 0; start < userIds.length; start += JOBS_A_STATEMENT) {
    const payloads = userIds.slice(start, start + JOBS_A_STATEMENT).map((userId) => ({ userId }));
    await enqueue(app.jobs, tx, { job: updateLearnerJob, payloads });
  }
}
