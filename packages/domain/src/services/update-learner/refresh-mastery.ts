// Topic rows of whatever was touched: the fold's state read off at the row's `as_of`.
import {
  asOfMs,
  calculationVersionOf,
  confidenceOf,
  emptyTopicState,
  evidenceOf,
  materialProgressAt,
  retentionOf,
} from '../../algorithms/index.ts';
import type { MasteryModel, TopicMaterials, TopicState } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import { listTopicPasts } from '../../stores/derived-day-store.ts';
import type { TopicPast } from '../../stores/derived-day-store.ts';
import { saveTopicMastery } from '../../stores/mastery-store.ts';
import type { StoredTopic, TopicMasteryRow, TopicScoreRow } from '../../stores/mastery-store.ts';
import { listNextReviews, timeOf } from '../../stores/progress-store.ts';
import type { NextReview } from '../../stores/progress-store.ts';
import type { StudyEvent } from '../../stores/study-facts-store.ts';
import type { ReadyTopic } from '../learner-readiness.ts';
import { topicScoreAt, trendDayAt } from '../topic-score.ts';
import { stateOf } from './fold-new-answers.ts';
import type { Fold } from './fold-new-answers.ts';

export type MasteryLearner = {
  readonly userId: string;
  readonly fold: Fold;
  /** Of the days that were computed anew. */
  readonly events: readonly StudyEvent[];
  /** As they stood before. */
  readonly topics: readonly StoredTopic[];
};

/** A topic as its row says, or will say. */
export type CurrentTopic = TopicScoreRow & ReadyTopic;

export type MasteryRules = { readonly curriculum: Curriculum; readonly model: MasteryModel };

/** Saves the touched topics of learners. Answers all their topics as they stand then, by learner. */
export async function refreshMastery(
  tx: Tx,
  learners: readonly MasteryLearner[],
  { curriculum, model }: MasteryRules,
): Promise<ReadonlyMap<string, readonly CurrentTopic[]>> {
  const touched = learners.flatMap((learner) => touchedTopics(learner, curriculum));
  const [pasts, reviews] = await Promise.all([
    listTopicPasts(
      tx,
      touched.map(({ userId, topicId, atMs }) => ({ userId, topicId, upTo: trendDayAt(atMs) })),
    ),
    listNextReviews(tx, {
      userIds: learners.map(({ userId }) => userId),
      topicIds: [...new Set(touched.map(({ topicId }) => topicId))],
    }),
  ]);
  const pastOf = new Map(pasts.map((past) => [keyOf(past), past]));
  const reviewOf = new Map(reviews.map((review) => [keyOf(review), review]));
  const saved = touched.map((topic) => {
    const row = masteryRow(topic, { model, past: pastOf.get(keyOf(topic)), review: reviewOf.get(keyOf(topic)) });
    return { topic, row };
  });
  saveTopicMastery(
    tx,
    saved.map(({ row }) => row),
  );
  const savedOf = Map.groupBy(saved, ({ topic }) => topic.userId);
  return new Map(learners.map(({ userId, topics }) => [userId, currentTopics(topics, savedOf.get(userId) ?? [])]));
}

function keyOf({ userId, topicId }: { readonly userId: string; readonly topicId: string }): string {
  return `${userId} ${topicId}`;
}

type SavedTopic = { readonly topic: TouchedTopic; readonly row: TopicMasteryRow };

function currentTopics(stored: readonly StoredTopic[], saved: readonly SavedTopic[]): readonly CurrentTopic[] {
  const current = new Map<string, CurrentTopic>(stored.map((topic) => [topic.topicId, topic]));
  for (const { topic, row } of saved) {
    const { topicId, state, atMs } = topic;
    current.set(topicId, { ...state, topicId, score: row.mastery_score, evidence: row.evidence, asOfMs: atMs });
  }
  return [...current.values()];
}

type TouchedTopic = {
  readonly userId: string;
  readonly topicId: string;
  readonly state: TopicState;
  readonly materials: TopicMaterials | undefined;
  readonly studied: Bounds;
  /** What the row is evaluated at. */
  readonly atMs: number;
};

function touchedTopics(learner: MasteryLearner, curriculum: Curriculum): readonly TouchedTopic[] {
  const { userId, fold, events, topics } = learner;
  const studiedOf = studiedBounds(topics, events);
  const stored = new Map(fold.refolded ? [] : topics.map((topic) => [topic.topicId, stateOf(topic)]));
  return touchedTopicIds(learner, studiedOf, curriculum).map((topicId) => {
    const state = fold.state.topics.get(topicId) ?? stored.get(topicId) ?? emptyTopicState;
    const materials = fold.materials.get(topicId);
    const studied = studiedOf.get(topicId);
    if (studied === undefined) throw new Error(`topic ${topicId} has a row to write but was never studied`);
    const atMs = asOfMs(lastFactMs(state, materials, studied), fold.progress.night);
    return { userId, topicId, state, materials, studied, atMs };
  });
}

// A material may be completed under another topic than its own, and an answer is given in another topic than the one that
// counts its question. A fold that began anew may have done so for the curriculum,
// which reaches topics without an answer.
function touchedTopicIds(
  { fold, events }: MasteryLearner,
  studied: ReadonlyMap<string, Bounds>,
  curriculum: Curriculum,
): readonly string[] {
  const named = events.flatMap(({ topicId }) => topicId ?? []);
  const completed = events
    .filter((event) => event.completesMaterial)
    .flatMap(({ materialId }) => curriculum.materials.get(materialId ?? '')?.topicId ?? [])
    .filter((topicId) => studied.has(topicId));
  const counted = [...fold.state.questions.values()].map(({ topicId }) => topicId);
  const stored = fold.refolded ? studied.keys() : [];
  return [...new Set([...fold.state.topics.keys(), ...named, ...completed, ...counted, ...stored])].sort();
}

type Bounds = { readonly firstMs: number; readonly lastMs: number };

type RowParts = {
  readonly model: MasteryModel;
  readonly past: TopicPast | undefined;
  readonly review: NextReview | undefined;
};

function masteryRow(topic: TouchedTopic, { model, past, review }: RowParts): TopicMasteryRow {
  const { userId, topicId, state, materials, studied, atMs } = topic;
  const progress = materialProgressAt(materials, atMs);
  return {
    user_id: userId,
    topic_id: topicId,
    ...topicScoreAt(atMs, { topicId, model, state, progress, scoreBefore: past?.scoreBefore ?? null }),
    confidence_score: confidenceOf(state),
    retention_rate: retentionOf(state),
    first_attempt_accuracy: shareOf(state.firstCorrect, state.questions),
    overall_accuracy: shareOf(state.correct, state.attempts),
    material_completion: progress.total === 0 ? null : Math.min(1, progress.completed / progress.total),
    ewma: state.ewma,
    theta: state.theta,
    recent: state.recent,
    learner_theta: state.learnerTheta,
    questions_attempted: state.attempts,
    questions_correct: state.correct,
    first_attempts: state.questions,
    first_correct: state.firstCorrect,
    answer_seconds: state.answerSeconds,
    first_answer_at: state.firstAtMs === null ? null : timeOf(state.firstAtMs),
    last_answer_at: state.lastAtMs === null ? null : timeOf(state.lastAtMs),
    materials_completed: progress.completed,
    materials_total: progress.total,
    total_study_seconds: past?.seconds ?? 0,
    avg_response_time_seconds: shareOf(state.answerSeconds, state.attempts),
    first_studied_at: timeOf(studied.firstMs),
    last_studied_at: timeOf(studied.lastMs),
    next_review_day: review?.dueDay ?? null,
    review_interval_days: review?.intervalDays ?? null,
    evidence: evidenceOf(state),
    calculation_version: calculationVersionOf(model),
    as_of: timeOf(atMs),
  };
}

/** The later of the topic's last answer and its last completed material: both are facts that move the score. */
function lastFactMs(state: TopicState, materials: TopicMaterials | undefined, studied: Bounds): number {
  const moved = Math.max(state.lastAtMs ?? -Infinity, materials?.completedAtMs.at(-1) ?? -Infinity);
  return moved === -Infinity ? studied.lastMs : moved;
}

function studiedBounds(stored: readonly StoredTopic[], events: readonly StudyEvent[]): ReadonlyMap<string, Bounds> {
  const bounds = new Map<string, Bounds>(
    stored.map(({ topicId, firstStudiedMs, lastStudiedMs }) => [
      topicId,
      { firstMs: firstStudiedMs, lastMs: lastStudiedMs },
    ]),
  );
  for (const { topicId, atMs } of events) {
    if (topicId === null) continue;
    const known = bounds.get(topicId);
    bounds.set(topicId, {
      firstMs: Math.min(known?.firstMs ?? atMs, atMs),
      lastMs: Math.max(known?.lastMs ?? atMs, atMs),
    });
  }
  return bounds;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
