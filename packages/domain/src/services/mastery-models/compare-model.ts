// What activating a version of the mastery model would make of the scores: a computation that writes nothing.
import { compareCanonical, emptyLearnerState, foldAnswers, plainRules, scoreTopic } from '../../algorithms/index.ts';
import type { LearnerState, MasteryModel } from '../../algorithms/index.ts';
import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import { DomainError } from '../../errors.ts';
import { listAnswers } from '../../stores/answer-store.ts';
import { findCheckpoint } from '../../stores/checkpoint-store.ts';
import { findCursor, listModelRows, listScoredTopics } from '../../stores/model-store.ts';
import { listLearnersAfter } from '../../stores/rebucket-store.ts';
import { allowLongStatements } from '../../stores/retention-store.ts';
import { decodeCheckpoint } from '../retention/checkpoint-state.ts';

export type ScoreChange = {
  readonly userId: string;
  readonly topicId: string;
  readonly before: number;
  readonly after: number;
};

export type ModelComparison = {
  readonly version: number;
  readonly learners: number;
  /** Topic rows with a score, and those of them whose score would be another one by a thousandth or more. */
  readonly rows: number;
  readonly changed: number;
  /** The greatest changes first. */
  readonly examples: readonly ScoreChange[];
};

export type CompareOptions = {
  /** Default 5. */
  readonly limitExamples?: number;
  readonly onProgress?: (learners: number) => void;
  readonly signal?: AbortSignal | undefined;
};

const LEARNERS_A_PAGE = 100;
const NOTICEABLE = 0.001;

/** Computes every topic's score under a version at the time of its row. Throws `not_found` where there is no such version. */
export async function compareModel(
  app: Pick<App, 'database' | 'models'>,
  version: number,
  { limitExamples = 5, onProgress, signal }: CompareOptions = {},
): Promise<ModelComparison> {
  const { database } = app;
  if (!(await listModelRows(database.reader)).some((row) => row.version === version)) {
    throw new DomainError('not_found', `There is no version ${version} of the mastery model.`);
  }
  const model = await app.models.get(database.reader, version);
  let found: ModelComparison = { version, learners: 0, rows: 0, changed: 0, examples: [] };
  for (let page = await listLearnersAfter(database.reader, null, LEARNERS_A_PAGE); page.length > 0;) {
    signal?.throwIfAborted();
    const changes = await database.transaction((tx) => changesOf(tx, page, model));
    found = {
      version,
      learners: found.learners + page.length,
      rows: found.rows + changes.length,
      changed: found.changed + changes.filter((change) => sizeOf(change) >= NOTICEABLE).length,
      examples: [...found.examples, ...changes].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, limitExamples),
    };
    onProgress?.(found.learners);
    page = await listLearnersAfter(database.reader, page.at(-1) ?? null, LEARNERS_A_PAGE);
  }
  return found;
}

function sizeOf({ before, after }: ScoreChange): number {
  return Math.abs(after - before);
}

async function changesOf(tx: Tx, userIds: readonly string[], model: MasteryModel): Promise<readonly ScoreChange[]> {
  await allowLongStatements(tx);
  const topics = Map.groupBy(await listScoredTopics(tx, userIds), ({ userId }) => userId);
  const changes: ScoreChange[] = [];
  for (const [userId, rows] of topics) {
    const state = await foldStored(tx, userId, model);
    for (const { topicId, score, scoreV1, asOfMs } of rows) {
      const topic = state.topics.get(topicId);
      // Version 1 needs the materials, and its score stands in the row.
      const progress = { total: 0, completed: 0 };
      const scores = topic === undefined ? null : scoreTopic(topic, asOfMs, { topicId, progress, model });
      const after = scores?.calculationVersion === 1 ? scoreV1 : (scores?.scoreV2 ?? score);
      changes.push({ userId, topicId, before: score, after });
    }
  }
  return changes;
}

/** The learner's state under a version, up to the answer that the rows stand at. */
async function foldStored(tx: Tx, userId: string, model: MasteryModel): Promise<LearnerState> {
  const checkpoint = await findCheckpoint(tx, userId);
  const start = checkpoint === null ? emptyLearnerState : decodeCheckpoint(checkpoint.state).learner;
  const cursor = await findCursor(tx, userId);
  const answers = await listAnswers(tx, [{ userId, after: start.cursor }]);
  const folded = answers.filter((answer) => cursor !== null && compareCanonical(answer, cursor) <= 0);
  return foldAnswers(start, folded, { ...plainRules, model }).state;
}
