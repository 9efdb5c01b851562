// The step `mastery`: moves the rows of a chunk of learners to the midnight that ends a day, and their overview to that day.
// Facts are not read: a learner's last update has put all of them into these rows, and whoever is behind is moved again, to
// the same midnight, by the update that is still to come.
import { asOfDay, midnightAfterMs, moveLearningMetrics } from '../../algorithms/index.ts';
import type { MasteryModel } from '../../algorithms/index.ts';
import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';
import type { MetricsOf } from '../../stores/metrics-store.ts';
import {
  listNightDays,
  listNightTopicDays,
  listNightTopics,
  listOverviews,
  lockDueLearners,
  saveMovedTopics,
  saveNightOf,
} from '../../stores/night-store.ts';
import type { MovedTopic, NightDay, NightOverview, NightTopic, NightTopicDay } from '../../stores/night-store.ts';
import { planByIndex } from '../../stores/plan-store.ts';
import { timeOf } from '../../stores/progress-store.ts';
import { storedReadiness } from '../learner-readiness.ts';
import type { ModelCache } from '../model-cache.ts';
import { topicScoreAt, trendDayAt } from '../topic-score.ts';
import { refreshGaps } from '../update-learner/refresh-gaps.ts';
import type { GapSettings } from '../update-learner/refresh-gaps.ts';

// Who answers in the night waits for this many learners to be moved: a tenth of a second.
const LEARNERS_A_TRANSACTION = 50;

/**
 * Applies the night of `day` to the learners of a range whom it has not moved yet, a hundred in one transaction under their
 * locks. Answers how many topic and metrics rows were written: none the second time. A later night makes an earlier one needless.
 */
export async function moveLearners(
  { database, curriculum, gapVersion, models }: Pick<App, 'database' | 'curriculum' | 'gapVersion' | 'models'>,
  range: LearnerRange,
  day: string,
): Promise<number> {
  const settings = { curriculum: await curriculum.refresh(), version: gapVersion, models };
  let rows = 0;
  for (;;) {
    const moved = await database.transaction((tx) => moveNextLearners(tx, range, { day, settings }));
    if (moved === null) return rows;
    rows += moved;
  }
}

type Night = { readonly day: string; readonly settings: GapSettings };

async function moveNextLearners(tx: Tx, range: LearnerRange, { day, settings }: Night): Promise<number | null> {
  const userIds = await lockDueLearners(tx, range, { day, limit: LEARNERS_A_TRANSACTION });
  if (userIds.length === 0) return null;
  planByIndex(tx);
  const atMs = midnightAfterMs(day);
  const midnight = timeOf(atMs);
  const topics = await listNightTopics(tx, userIds, { midnight, trendDay: trendDayAt(atMs) });
  const models = await modelsOf(tx, topics, settings.models);
  const moved = topics.map((topic) => (topic.isDue ? movedTopic(topic, modelIn(models, topic), atMs) : null));
  saveMovedTopics(tx, moved.filter(isMoved), midnight);
  const [overviews, days, topicDays] = await Promise.all([
    listOverviews(tx, userIds),
    listNightDays(tx, userIds, day),
    listNightTopicDays(tx, userIds, day),
  ]);
  const current = topics.map((topic, n) => currentTopic(topic, moved[n] ?? null, atMs));
  const { exam } = settings.curriculum;
  const metrics = movedMetrics(userIds, day, { overviews, days, topicDays, topics: current, exam, models });
  saveLearningMetrics(tx, metrics);
  const gaps = await refreshGaps(tx, userIds, settings);
  saveNightOf(tx, userIds, day);
  return moved.filter(isMoved).length + metrics.length + gaps;
}

/** Versions of the mastery model that the learners' rows stand under. */
type Models = ReadonlyMap<number, MasteryModel>;

async function modelsOf(tx: Tx, topics: readonly NightTopic[], cache: ModelCache): Promise<Models> {
  const models = new Map<number, MasteryModel>();
  for (const version of new Set(topics.map(({ modelVersion }) => modelVersion))) {
    models.set(version, await cache.get(tx, version));
  }
  return models;
}

function modelIn(models: Models, { modelVersion }: Pick<NightTopic, 'modelVersion'>): MasteryModel {
  const model = models.get(modelVersion);
  if (model === undefined) throw new Error(`version ${modelVersion} of the mastery model was not read`);
  return model;
}

function movedTopic(topic: NightTopic, model: MasteryModel, atMs: number): MovedTopic {
  const progress = { total: topic.materialsTotal, completed: topic.materialsCompleted };
  const { userId, topicId, scoreBefore } = topic;
  return { userId, topicId, ...topicScoreAt(atMs, { topicId, model, state: topic, progress, scoreBefore }) };
}

function isMoved(topic: MovedTopic | null): topic is MovedTopic {
  return topic !== null;
}

function currentTopic(topic: NightTopic, moved: MovedTopic | null, atMs: number): NightTopic {
  return moved === null ? topic : { ...topic, score: moved.mastery_score, asOfMs: atMs };
}

type ChunkRows = {
  readonly overviews: ReadonlyMap<string, NightOverview>;
  readonly days: readonly NightDay[];
  readonly topicDays: readonly NightTopicDay[];
  readonly topics: readonly NightTopic[];
  readonly exam: Curriculum['exam'];
  readonly models: Models;
};

function movedMetrics(userIds: readonly string[], day: string, rows: ChunkRows): readonly MetricsOf[] {
  const daysOf = Map.groupBy(rows.days, ({ userId }) => userId);
  const topicDaysOf = Map.groupBy(rows.topicDays, ({ userId }) => userId);
  const topicsOf = Map.groupBy(rows.topics, ({ userId }) => userId);
  return userIds.flatMap((userId) => {
    const overview = rows.overviews.get(userId);
    if (overview === undefined) return []; // no fact yet, no metrics
    const topics = topicsOf.get(userId) ?? [];
    const facts = {
      days: daysOf.get(userId) ?? [],
      topicDays: topicDaysOf.get(userId) ?? [],
      topics,
      asOfDay: asOfDay(overview.asOfDay, day),
    };
    const learner = { theta: overview.theta, answers: overview.answersFolded, topics };
    const readiness =
      topics.length === 0 ? null : storedReadiness(learner, { exam: rows.exam, model: modelIn(rows.models, overview) });
    return [{ userId, metrics: moveLearningMetrics(overview, facts), readiness, asOfDay: facts.asOfDay }];
  });
}
