import { compareCanonical, type Place } from './canonical-order.ts';
import { difficultyOf, eloModel, type MasteryModel } from './mastery-model.ts';
import { emptyTopicState, foldAnswer, masteryV1, type MaterialProgress, type TopicState } from './mastery-v1.ts';
import { moveAbility } from './mastery-v2.ts';
import { scoreTopic } from './topic-score.ts';

export type Answer = {
  readonly id: string;
  readonly atMs: number;
  readonly studyDay: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
};

export type QuestionState = {
  /** Topic of the first attempt: the one topic that counts this question as its own. */
  readonly topicId: string;
  readonly attempts: number;
  readonly correct: number;
  readonly firstId: string;
  readonly firstAtMs: number;
  readonly firstStudyDay: string;
  readonly firstCorrect: boolean;
  readonly lastId: string;
  readonly lastAtMs: number;
  readonly lastStudyDay: string;
  readonly lastCorrect: boolean;
  /** θ_uq of mastery version 2. */
  readonly theta: number;
};

export type LearnerState = {
  readonly topics: ReadonlyMap<string, TopicState>;
  readonly questions: ReadonlyMap<string, QuestionState>;
  /** θ_u of mastery version 2. */
  readonly theta: number;
  /** Answers folded so far. */
  readonly answers: number;
  /** Place of the last answer folded. */
  readonly cursor: Place | null;
};

export type TopicMaterials = {
  readonly total: number;
  /** When the learner completed each completed material, ascending. */
  readonly completedAtMs: readonly number[];
};

export type MaterialsByTopic = ReadonlyMap<string, TopicMaterials>;

export type TopicDayMastery = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number;
  readonly attempts: number;
  readonly correct: number;
};

export type FoldedAnswers = { readonly state: LearnerState; readonly topicDays: readonly TopicDayMastery[] };

export type AnswerPrediction = {
  /** Mastery of the answer's topic just before it; null when the topic had never been practised. */
  readonly score: number | null;
  readonly isCorrect: boolean;
  readonly practised: boolean;
};

export const emptyLearnerState: LearnerState = {
  topics: new Map(),
  questions: new Map(),
  theta: 0,
  answers: 0,
  cursor: null,
};

export type FoldRules = {
  readonly materials: MaterialsByTopic;
  /** The version of mastery 2 that the learner's state stands under; the same for all their answers. */
  readonly model: MasteryModel;
};

/** Without materials, under plain Elo. */
export const plainRules: FoldRules = { materials: new Map(), model: eloModel };

/**
 * Folds a learner's next answers into their state, and tells for each topic and study day touched the mastery at the
 * time of that day's first answer, without it, and at the time of its last, with it.
 * Folding in parts gives the state of folding at once; `mergeTopicDays` joins the days. `start` is not changed.
 * Throws RangeError when the answers are not in canonical order or do not all come after the cursor.
 * O(answers + size of the state).
 */
export function foldAnswers(start: LearnerState, answers: readonly Answer[], rules: FoldRules): FoldedAnswers {
  const topics = new Map(start.topics);
  const questions = new Map(start.questions);
  const days = new Map<string, OpenTopicDay>();
  let { cursor, theta, answers: folded } = start;
  for (const answer of answers) {
    assertAfter(answer, cursor);
    cursor = { atMs: answer.atMs, id: answer.id };
    const question = questions.get(answer.questionId);
    const before = topics.get(answer.topicId) ?? emptyTopicState;
    const difficulty = difficultyOf(rules.model, answer);
    const known = question === undefined ? undefined : { theta: question.theta, lastAtMs: question.lastAtMs };
    const standing = { difficulty, learner: { theta, answers: folded }, topic: before, question: known };
    const moved = moveAbility(standing, answer.isCorrect);
    theta = moved.learner.theta;
    folded = moved.learner.answers;
    const after = { ...foldAnswer(before, { ...answer, isFirstAttempt: question === undefined }), ...moved.topic };
    topics.set(answer.topicId, after);
    questions.set(answer.questionId, { ...nextQuestionState(question, answer), theta: moved.question.theta });
    const key = topicDayKey(answer);
    const day = days.get(key) ?? newTopicDay(answer, scoreAt(before, answer, rules));
    days.set(key, nextTopicDay(day, answer, after));
  }
  return {
    state: { topics, questions, theta, answers: folded, cursor },
    topicDays: [...days.values()].map((day) => closeTopicDay(day, rules)),
  };
}

/**
 * The topic days of two consecutive folds as one fold would have given them: `masteryBefore` of the earlier part,
 * `masteryAfter` of the later, counts added.
 */
export function mergeTopicDays(
  earlier: readonly TopicDayMastery[],
  later: readonly TopicDayMastery[],
): readonly TopicDayMastery[] {
  const merged = new Map(earlier.map((day) => [topicDayKey(day), day]));
  for (const day of later) {
    const known = merged.get(topicDayKey(day));
    merged.set(topicDayKey(day), known === undefined ? day : joinTopicDays(known, day));
  }
  return [...merged.values()];
}

/**
 * The prequential forecast of a learner's answers: the mastery, version 1, of each answer's topic at its time, from the answers
 * before it alone. `answers` is all of one learner's history; throws RangeError when it is not in canonical order.
 */
export function predictAnswers(answers: readonly Answer[], materials: MaterialsByTopic): readonly AnswerPrediction[] {
  const topics = new Map<string, TopicState>();
  const seenQuestions = new Set<string>();
  const predictions: AnswerPrediction[] = [];
  let cursor: Place | null = null;
  for (const answer of answers) {
    assertAfter(answer, cursor);
    cursor = answer;
    const before = topics.get(answer.topicId) ?? emptyTopicState;
    const score = masteryV1(before, answer.atMs, materialProgressAt(materials.get(answer.topicId), answer.atMs));
    predictions.push({ score, isCorrect: answer.isCorrect, practised: before.attempts > 0 });
    topics.set(
      answer.topicId,
      foldAnswer(before, { ...answer, isFirstAttempt: !seenQuestions.has(answer.questionId) }),
    );
    seenQuestions.add(answer.questionId);
  }
  return predictions;
}

/** How many of a topic's materials there are and how many had been completed at `atMs`. O(log n). */
export function materialProgressAt(materials: TopicMaterials | undefined, atMs: number): MaterialProgress {
  if (materials === undefined) return { total: 0, completed: 0 };
  let low = 0;
  let high = materials.completedAtMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((materials.completedAtMs[middle] ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return { total: materials.total, completed: low };
}

type OpenTopicDay = Omit<TopicDayMastery, 'masteryAfter'> & {
  readonly lastAtMs: number;
  readonly lastState: TopicState;
};

function newTopicDay({ topicId, studyDay, atMs }: Answer, masteryBefore: number | null): OpenTopicDay {
  return { topicId, studyDay, masteryBefore, attempts: 0, correct: 0, lastAtMs: atMs, lastState: emptyTopicState };
}

function nextTopicDay(day: OpenTopicDay, answer: Answer, after: TopicState): OpenTopicDay {
  return {
    ...day,
    attempts: day.attempts + 1,
    correct: day.correct + (answer.isCorrect ? 1 : 0),
    lastAtMs: answer.atMs,
    lastState: after,
  };
}

function closeTopicDay(day: OpenTopicDay, rules: FoldRules): TopicDayMastery {
  const { lastAtMs, lastState, ...rest } = day;
  const masteryAfter = scoreAt(lastState, { topicId: day.topicId, atMs: lastAtMs }, rules);
  if (masteryAfter === null) throw new Error(`topic ${day.topicId} has no answer on ${day.studyDay}`);
  return { ...rest, masteryAfter };
}

function joinTopicDays(earlier: TopicDayMastery, later: TopicDayMastery): TopicDayMastery {
  return {
    ...later,
    masteryBefore: earlier.masteryBefore,
    attempts: earlier.attempts + later.attempts,
    correct: earlier.correct + later.correct,
  };
}

function nextQuestionState(state: QuestionState | undefined, answer: Answer): Omit<QuestionState, 'theta'> {
  const last = {
    lastId: answer.id,
    lastAtMs: answer.atMs,
    lastStudyDay: answer.studyDay,
    lastCorrect: answer.isCorrect,
  };
  const right = answer.isCorrect ? 1 : 0;
  if (state !== undefined) {
    return { ...state, ...last, attempts: state.attempts + 1, correct: state.correct + right };
  }
  return {
    topicId: answer.topicId,
    attempts: 1,
    correct: right,
    firstId: answer.id,
    firstAtMs: answer.atMs,
    firstStudyDay: answer.studyDay,
    firstCorrect: answer.isCorrect,
    ...last,
  };
}

function scoreAt(
  state: TopicState,
  at: { readonly topicId: string; readonly atMs: number },
  { materials, model }: FoldRules,
): number | null {
  const progress = materialProgressAt(materials.get(at.topicId), at.atMs);
  return scoreTopic(state, at.atMs, { topicId: at.topicId, progress, model }).score;
}

function topicDayKey(day: { readonly topicId: string; readonly studyDay: string }): string {
  return `${day.studyDay} ${day.topicId}`;
}

function assertAfter(answer: Answer, cursor: Place | null): void {
  if (cursor === null || compareCanonical(cursor, answer) < 0) return;
  throw new RangeError(`answer ${answer.id} at ${answer.atMs} does not come after ${cursor.id} at ${cursor.atMs}`);
}
