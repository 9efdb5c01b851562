// Topic rows of whatever was touched: the fold's state read off at the row's `as_of`.
import {
  asOfMs,
  calculationVersionOf,
  confidenceOf,
  emptyTopicState,
  evidenceOf,
  materialProgressAt,
} from '../../algorithms/index.ts';
import type { MasteryModel, TopicMaterials, TopicState } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listTopicHistory } from '../../stores/derived-day-store.ts';
import type { TopicHistoryDay } from '../../stores/derived-day-store.ts';
import { listStudiedTopics, listTopicStates, saveTopicMastery } from '../../stores/mastery-store.ts';
import type { TopicMasteryRow } from '../../stores/mastery-store.ts';
import { listNextReviews, timeOf } from '../../stores/progress-store.ts';
import type { NextReview } from '../../stores/progress-store.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import type { StudyEvent } from '../../stores/study-facts-store.ts';
import type { Fold } from './fold-new-answers.ts';
import { topicScoreAt, trendDayAt } from '../topic-score.ts';

export type MasteryInput = {
  readonly userId: string;
  readonly fold: Fold;
  readonly events: readonly StudyEvent[];
  readonly curriculum: Curriculum;
  readonly model: MasteryModel;
};

export async function refreshMastery(tx: Tx, { userId, fold, events, curriculum, model }: MasteryInput): Promise<void> {
  const studied = studiedBounds(await listStudiedTopics(tx, userId), events);
  const topicIds = touchedTopics({ fold, events, curriculum }, studied);
  const stored = fold.refolded
    ? new Map<string, TopicState>()
    : await listTopicStates(
        tx,
        userId,
        topicIds.filter((topicId) => !fold.state.topics.has(topicId)),
      );
  const history = Map.groupBy(await listTopicHistory(tx, userId, topicIds), ({ topicId }) => topicId);
  const reviews = new Map((await listNextReviews(tx, userId, topicIds)).map((review) => [review.topicId, review]));
  await saveTopicMastery(
    tx,
    topicIds.map((topicId) =>
      masteryRow(userId, {
        topicId,
        model,
        state: fold.state.topics.get(topicId) ?? stored.get(topicId) ?? emptyTopicState,
        materials: fold.materials.get(topicId),
        studied: studied.get(topicId),
        history: history.get(topicId) ?? [],
        review: reviews.get(topicId),
        night: fold.progress.night,
      }),
    ),
  );
}

// A material may be completed under another topic than its own, and an answer is given in another topic than the one that
// counts its question. A fold that began anew may have done so for the curriculum,
// which reaches topics without an answer.
function touchedTopics(
  { fold, events, curriculum }: Pick<MasteryInput, 'fold' | 'events' | 'curriculum'>,
  studied: ReadonlyMap<string, Bounds>,
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
type TopicFacts = {
  readonly topicId: string;
  readonly model: MasteryModel;
  readonly state: TopicState;
  readonly materials: TopicMaterials | undefined;
  readonly studied: Bounds | undefined;
  readonly history: readonly TopicHistoryDay[];
  readonly review: NextReview | undefined;
  readonly night: string | null;
};

function masteryRow(userId: string, facts: TopicFacts): TopicMasteryRow {
  const { topicId, model, state, materials, studied, history, review, night } = facts;
  if (studied === undefined) throw new Error(`topic ${topicId} has a row to write but was never studied`);
  const atMs = asOfMs(lastFactMs(state, materials, studied), night);
  const progress = materialProgressAt(materials, atMs);
  const scoreBefore = masteryAfter(history, trendDayAt(atMs));
  return {
    user_id: userId,
    topic_id: topicId,
    ...topicScoreAt(atMs, { topicId, model, state, progress, scoreBefore }),
    confidence_score: confidenceOf(state),
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
    total_study_seconds: history.reduce((sum, day) => sum + day.seconds, 0),
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

/** Mastery after the last answer of the latest day up to `day`. */
function masteryAfter(history: readonly TopicHistoryDay[], day: string): number | null {
  return (
    history.findLast(({ studyDay, masteryAfter }) => studyDay <= day && masteryAfter !== null)?.masteryAfter ?? null
  );
}

function studiedBounds(
  stored: readonly (Bounds & { readonly topicId: string })[],
  events: readonly StudyEvent[],
): ReadonlyMap<string, Bounds> {
  const bounds = new Map<string, Bounds>(stored.map(({ topicId, firstMs, lastMs }) => [topicId, { firstMs, lastMs }]));
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
