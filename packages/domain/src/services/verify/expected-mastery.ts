// Topics and the learner's overview, read off the fold of all answers.
import {
  addDays,
  asOfDay,
  asOfMs,
  calculationVersionOf,
  computeLearningMetrics,
  confidenceOf,
  emptyTopicState,
  evidenceOf,
  masteryTrend,
  METRICS_VERSION,
  materialProgressAt,
  retrievalStrength,
  scoreTopic,
  utcDayOf,
} from '../../algorithms/index.ts';
import type {
  FoldedAnswers,
  MasteryModel,
  MaterialsByTopic,
  ReviewState,
  TopicScore,
  TopicScores,
  TopicState,
  WindowMetrics,
} from '../../algorithms/index.ts';
import type { VerifiedCurriculum } from '../../stores/verify-curriculum-store.ts';
import type { Row } from '../../stores/verify-tables.ts';
import type { Reviews } from './expected-answers.ts';
import type { Days, TopicDay } from './expected-days.ts';
import { expectedReadiness } from './expected-readiness.ts';
import type { StudiedBounds } from '../retention/checkpoint-state.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

export type MasteryInput = {
  readonly fold: FoldedAnswers;
  readonly materials: MaterialsByTopic;
  readonly model: MasteryModel;
  readonly reviews: Reviews;
  readonly days: Days;
  /** The last night applied to the learner; null before the first one. */
  readonly night: string | null;
};

export type Topic = {
  readonly topicId: string;
  readonly studied: StudiedBounds;
  readonly state: TopicState;
  readonly asOfMs: number;
} & Pick<TopicScores, 'score' | 'scoreV1' | 'scoreV2'>;

/** Every topic that an event names, or named. */
export function topicsOf(
  facts: LearnerFacts,
  { fold, materials, model, night, past }: MasteryInput & { readonly past: Past | null },
): readonly Topic[] {
  return [...studiedBounds(facts, past)].map(([topicId, studied]) => {
    const state = fold.state.topics.get(topicId) ?? emptyTopicState;
    const lastFactMs = lastMove(state, materials.get(topicId)?.completedAtMs ?? []) ?? studied.lastMs;
    const atMs = asOfMs(lastFactMs, night);
    const scores = scoreTopic(state, atMs, {
      topicId,
      model,
      progress: materialProgressAt(materials.get(topicId), atMs),
    });
    return { topicId, studied, state, asOfMs: atMs, ...scores };
  });
}

function studiedBounds({ events }: LearnerFacts, past: Past | null): ReadonlyMap<string, StudiedBounds> {
  const bounds = new Map(past?.studied);
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

/** The last fact that moves the score: an answer, or a completed material. */
function lastMove({ lastAtMs }: TopicState, completedAtMs: readonly number[]): number | null {
  const moves = [...completedAtMs, ...(lastAtMs === null ? [] : [lastAtMs])];
  return moves.length === 0 ? null : Math.max(...moves);
}

export function expectedTopicMastery(userId: string, topics: readonly Topic[], input: MasteryInput): readonly Row[] {
  const history = Map.groupBy(input.days.topicDaily, (day) => day.topicId);
  return topics.map((topic) => topicRow(userId, topic, { ...input, history: history.get(topic.topicId) ?? [] }));
}

type TopicInput = MasteryInput & { readonly history: readonly TopicDay[] };

function topicRow(
  userId: string,
  { topicId, studied, state, asOfMs: atMs, score, scoreV1, scoreV2 }: Topic,
  input: TopicInput,
): Row {
  const progress = materialProgressAt(input.materials.get(topicId), atMs);
  const review = nextReview(topicId, input);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    user_id: userId,
    topic_id: topicId,
    mastery_score: score,
    score_v1: scoreV1,
    score_v2: scoreV2,
    confidence_score: confidenceOf(state),
    retrieval_strength: state.attempts === 0 ? null : retrievalStrength(state, atMs),
    retention_rate: share(state.correct - state.firstCorrect, state.attempts - state.questions),
    first_attempt_accuracy: share(state.firstCorrect, state.questions),
    overall_accuracy: share(state.correct, state.attempts),
    material_completion: share(progress.completed, progress.total),
    ...stateColumns(state),
    materials_completed: progress.completed,
    materials_total: progress.total,
    total_study_seconds: input.history.reduce((sum, day) => sum + day.seconds, 0),
    avg_response_time_seconds: share(state.answerSeconds, state.attempts),
    first_studied_at: studied.firstMs,
    last_studied_at: studied.lastMs,
    next_review_day: review?.dueDay ?? null,
    review_interval_days: review?.intervalDays ?? null,
    mastery_trend: masteryTrend(score, scoreTwoWeeksBefore(atMs, input.history)),
    evidence: evidenceOf(state),
    calculation_version: calculationVersionOf(input.model),
    as_of: atMs,
  };
}

function stateColumns(state: TopicState): Row {
  return {
    ewma: state.ewma,
    theta: state.theta,
    recent: state.recent,
    learner_theta: state.learnerTheta,
    questions_attempted: state.attempts,
    questions_correct: state.correct,
    first_attempts: state.questions,
    first_correct: state.firstCorrect,
    answer_seconds: state.answerSeconds,
    first_answer_at: state.firstAtMs,
    last_answer_at: state.lastAtMs,
  };
}

/** The earliest review of the questions that count in the topic; of those on one day the one with the shortest interval. */
function nextReview(topicId: string, { fold, reviews }: MasteryInput): ReviewState | undefined {
  return [...reviews]
    .filter(([questionId]) => fold.state.questions.get(questionId)?.topicId === topicId)
    .map(([, review]) => review)
    .sort((a, b) => (a.dueDay === b.dueDay ? a.intervalDays - b.intervalDays : a.dueDay < b.dueDay ? -1 : 1))[0];
}

/** Mastery after the last topic-day, up to 14 days before, that has one. `history` is in order of its days. */
function scoreTwoWeeksBefore(atMs: number, history: readonly TopicDay[]): number | null {
  const upTo = addDays(utcDayOf(atMs), -14);
  return history.findLast((day) => day.masteryAfter !== null && day.studyDay <= upTo)?.masteryAfter ?? null;
}

export type MetricsInput = MasteryInput & {
  /** What the stored overview says that it was made by; one of version 1 has no readiness. */
  readonly version: number;
  readonly curriculum: VerifiedCurriculum;
};

export function expectedMetrics(
  userId: string,
  topics: readonly Topic[],
  { version, ...input }: MetricsInput,
): readonly Row[] {
  const { days, night } = input;
  const newestDay = days.daily.at(-1)?.studyDay;
  if (newestDay === undefined) return [];
  const day = asOfDay(newestDay, night);
  const scores = topics.map(({ topicId, score, state }): TopicScore => ({
    topicId,
    score,
    evidence: evidenceOf(state),
  }));
  const facts = { days: days.daily, topicDays: days.topicDaily, topics: scores, asOfDay: day };
  const metrics = computeLearningMetrics(facts);
  return [
    {
      user_id: userId,
      ...windowRow('7d', metrics.last7Days),
      ...windowRow('30d', metrics.last30Days),
      ...windowRow('90d', metrics.last90Days),
      ...windowRow('all', metrics.allTime),
      current_streak_days: metrics.streaks.current,
      longest_streak_days: metrics.streaks.longest,
      last_study_day: metrics.streaks.lastStudyDay,
      mean_mastery: metrics.meanMastery,
      topics_mastered: metrics.topicsMastered,
      topics_in_progress: metrics.topicsInProgress,
      topics_weak: metrics.topicsWeak,
      readiness: version < METRICS_VERSION ? null : expectedReadiness(topics, input),
      focus_topics: metrics.focusTopics,
      calculation_version: version,
      as_of: day,
    },
  ];
}

function windowRow(window: string, values: WindowMetrics): Row {
  return {
    [`active_seconds_${window}`]: values.activeSeconds,
    [`sessions_${window}`]: values.sessions,
    [`active_days_${window}`]: values.activeDays,
    [`questions_${window}`]: values.questions,
    [`correct_${window}`]: values.correct,
    [`accuracy_${window}`]: values.accuracy,
    [`xp_${window}`]: values.xp,
    [`topics_${window}`]: values.topics,
  };
}
