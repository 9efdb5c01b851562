// The step `mastery`: moves the rows of a chunk of learners to the midnight that ends a day, and their overview to that day.
// Facts are not read: a learner's last update has put all of them into these rows, and whoever is behind is moved again, to
// the same midnight, by the update that is still to come.
import { asOfDay, midnightAfterMs, moveLearningMetrics } from '../../algorithms/index.ts';
import type { MasteryModel, StoredOverview, TopicScore } from '../../algorithms/index.ts';
import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';
import {
  listNightDays,
  listNightTopicDays,
  listNightTopics,
  listOverviews,
  lockDueLearners,
  saveMovedTopics,
  saveNightOf,
} from '../../stores/night-store.ts';
import type { MovedTopic, NightDay, NightTopic, NightTopicDay } from '../../stores/night-store.ts';
import { planByIndex } from '../../stores/plan-store.ts';
import { timeOf } from '../../stores/progress-store.ts';
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
  const moved: MovedTopic[] = [];
  for (const topic of topics) {
    if (topic.isDue) moved.push(movedTopic(topic, await settings.models.get(tx, topic.modelVersion), atMs));
  }
  saveMovedTopics(tx, moved, midnight);
  const [overviews, days, topicDays] = await Promise.all([
    listOverviews(tx, userIds),
    listNightDays(tx, userIds, day),
    listNightTopicDays(tx, userIds, day),
  ]);
  const metrics = movedMetrics(userIds, day, {
    overviews,
    days,
    topicDays,
    scores: currentScores(topics, moved),
  });
  saveLearningMetrics(tx, metrics);
  const gaps = await refreshGaps(tx, userIds, settings);
  saveNightOf(tx, userIds, day);
  return moved.length + metrics.length + gaps;
}

function movedTopic(topic: NightTopic, model: MasteryModel, atMs: number): MovedTopic {
  const progress = { total: topic.materialsTotal, completed: topic.materialsCompleted };
  const { userId, topicId, scoreBefore } = topic;
  return { userId, topicId, ...topicScoreAt(atMs, { topicId, model, state: topic, progress, scoreBefore }) };
}

type OwnScore = TopicScore & { readonly userId: string };

function currentScores(topics: readonly NightTopic[], moved: readonly MovedTopic[]): readonly OwnScore[] {
  const scores = new Map(moved.map((topic) => [`${topic.userId} ${topic.topicId}`, topic.mastery_score]));
  return topics.map(({ userId, topicId, score, evidence }) => {
    const now = scores.get(`${userId} ${topicId}`);
    return { userId, topicId, evidence, score: now === undefined ? score : now };
  });
}

type ChunkRows = {
  readonly overviews: ReadonlyMap<string, StoredOverview>;
  readonly days: readonly NightDay[];
  readonly topicDays: readonly NightTopicDay[];
  readonly scores: readonly OwnScore[];
};

function movedMetrics(userIds: readonly string[], day: string, { overviews, days, topicDays, scores }: ChunkRows) {
  const daysOf = Map.groupBy(days, ({ userId }) => userId);
  const topicDaysOf = Map.groupBy(topicDays, ({ userId }) => userId);
  const topicsOf = Map.groupBy(scores, ({ userId }) => userId);
  return userIds.flatMap((userId) => {
    const overview = overviews.get(userId);
    if (overview === undefined) return []; // no fact yet, no metrics
    const facts = {
      days: daysOf.get(userId) ?? [],
      topicDays: topicDaysOf.get(userId) ?? [],
      topics: topicsOf.get(userId) ?? [],
      asOfDay: asOfDay(overview.asOfDay, day),
    };
    return [{ userId, metrics: moveLearningMetrics(overview, facts), asOfDay: facts.asOfDay }];
  });
}
