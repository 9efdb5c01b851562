// A new version of the mastery model from all stored answers. Where it is better, it becomes the active one.
import { FIRST_FIT, FITTED_ANSWERS, fitMasteryModel, lastFifthFrom } from '../../algorithms/index.ts';
import type { FittedModel, MasteryModel, ModelAnswer } from '../../algorithms/index.ts';
import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import { countStoredAnswers, getFitSizes, listModelAnswers, listSampledLearners } from '../../stores/fit-store.ts';
import type { FitSizes, StoredCounts } from '../../stores/fit-store.ts';
import { getActiveVersion, insertModel, listModelRows, lockModels } from '../../stores/model-store.ts';
import { allowLongStatements } from '../../stores/retention-store.ts';
import { activateInTx } from './activate-model.ts';
import type { Activation } from './activate-model.ts';

export type RefitOptions = {
  /** Whether a version that is better becomes the active one. Default true. */
  readonly activate?: boolean;
  readonly onProgress?: (answers: number) => void;
  readonly signal?: AbortSignal | undefined;
};

export type Refit =
  | ({ readonly state: 'too_few' } & FitSizes)
  | ({
      readonly state: 'better' | 'not_better';
      readonly version: number;
      readonly answers: number;
      /** Answers that the coefficients were fitted on. */
      readonly fitted: number;
      /** Null where the version was not made active. */
      readonly activation: Activation | null;
    } & Pick<FittedModel, 'before' | 'after'>);

const LEARNERS_A_PAGE = 200;

/**
 * Fits a version on what is stored now and saves it, better or not; the better one is activated. Deterministic for the same facts
 * and active version. Reads in one snapshot, so that writers go on. Holds up to 200,000 answers in memory.
 */
export async function refitModel(
  app: Pick<App, 'database' | 'jobs' | 'models'>,
  { activate = true, onProgress, signal }: RefitOptions = {},
): Promise<Refit> {
  const read = await app.database.transaction(async (tx) => {
    await allowLongStatements(tx);
    return readFacts(app, tx, { onProgress, signal });
  });
  if ('learners' in read) return { state: 'too_few', ...read };
  const { sizes, histories, cutMs, counted, active } = read;
  const { model, isBetter, ...judged } = fitMasteryModel({
    histories,
    isJudged: ({ atMs }) => atMs >= cutMs,
    ...counted,
    active,
    version: 0, // its number is known when it is saved
  });
  signal?.throwIfAborted();
  const fitted = histories.reduce((sum, answers) => sum + answers.length, 0);
  return app.database.transaction(async (tx) => {
    const version = Math.max(...(await lockModels(tx))) + 1;
    await insertModel(tx, { ...model, version }, { answers: sizes.answers, ...judged });
    // Another one may have been activated meanwhile: then this one was judged against a version of the past.
    const isActivated = activate && isBetter && (await getActiveVersion(tx)) === active.version;
    const activation = isActivated ? await activateInTx(app, tx, version) : null;
    return {
      state: isBetter ? 'better' : 'not_better',
      version,
      answers: sizes.answers,
      fitted,
      activation,
      ...judged,
    };
  });
}

/** Whether the answers have doubled since the last version was made, or are enough for a first one. */
export async function isRefitDue({ database }: Pick<App, 'database'>): Promise<boolean> {
  return database.transaction(async (tx) => {
    const { answers, learners } = await getFitSizes(tx);
    const last = Math.max(...(await listModelRows(tx)).map((model) => model.answers));
    return last > 0 ? answers >= 2 * last : isEnough({ answers, learners });
  });
}

function isEnough({ answers, learners }: FitSizes): boolean {
  return answers >= FIRST_FIT.answers && learners >= FIRST_FIT.learners;
}

type Facts = {
  readonly sizes: FitSizes;
  readonly histories: readonly (readonly ModelAnswer[])[];
  readonly cutMs: number;
  readonly counted: StoredCounts;
  readonly active: MasteryModel;
};

async function readFacts(
  { models }: Pick<App, 'models'>,
  tx: Tx,
  { onProgress, signal }: Pick<RefitOptions, 'onProgress' | 'signal'>,
): Promise<Facts | FitSizes> {
  const sizes = await getFitSizes(tx);
  if (!isEnough(sizes)) return sizes;
  const learners = await listSampledLearners(tx, FITTED_ANSWERS);
  const histories: (readonly ModelAnswer[])[] = [];
  let read = 0;
  for (let start = 0; start < learners.length; start += LEARNERS_A_PAGE) {
    signal?.throwIfAborted();
    const answers = await listModelAnswers(tx, learners.slice(start, start + LEARNERS_A_PAGE));
    histories.push(...Map.groupBy(answers, ({ userId }) => userId).values());
    read += answers.length;
    onProgress?.(read);
  }
  const cutMs = lastFifthFrom(histories.flatMap((answers) => answers.map(({ atMs }) => atMs)));
  if (cutMs === null) return { answers: 0, learners: 0 };
  const counted = await countStoredAnswers(tx, cutMs);
  return { sizes, histories, cutMs, counted, active: await models.get(tx, await getActiveVersion(tx)) };
}
