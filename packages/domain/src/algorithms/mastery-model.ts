// A frozen version of mastery 2: what was known of questions and topics when it was made, and how much each term counts.

export type Counts = { readonly right: number; readonly total: number };

/** Terms of a question's forecast, in the order of their coefficients b₀ to b₉. */
export const questionTerms = [
  'base',
  'question',
  'learner',
  'topic',
  'recent',
  'new_topic',
  'own_question',
  'seen_question',
  'topic_pause',
  'question_pause',
] as const;

/** Terms of a topic's mastery, in the order of their coefficients c₀ to c₆. */
export const topicTerms = [
  'base',
  'topic_difficulty',
  'learner',
  'topic',
  'recent',
  'new_topic',
  'topic_pause',
] as const;

export type TopicTermCode = (typeof topicTerms)[number];

export type Coefficients = {
  /** b₀ to b₉, in the order of `questionTerms`. */
  readonly question: readonly number[];
  /** c₀ to c₆, in the order of `topicTerms`. */
  readonly topic: readonly number[];
};

export type MasteryModel = {
  /** 0 is plain Elo, before anything was learned from answers. */
  readonly version: number;
  /** All answers that were counted. */
  readonly all: Counts;
  readonly topics: ReadonlyMap<string, Counts>;
  readonly questions: ReadonlyMap<string, Counts>;
  readonly coefficients: Coefficients;
};

/** Which way a coefficient may go; null both ways. A right answer never lowers a score that is held so. */
export type Sign = 'positive' | 'negative' | null;

export const questionSigns: readonly Sign[] = [
  null,
  'positive',
  'positive',
  'positive',
  'positive',
  'negative',
  'positive',
  null,
  'negative',
  'negative',
];

export const topicSigns: readonly Sign[] = [
  null,
  'positive',
  'positive',
  'positive',
  'positive',
  'negative',
  'negative',
];

/** Plain Elo: nothing counted, the coefficients of difficulty and ability 1, all others 0. */
export const eloModel: MasteryModel = {
  version: 0,
  all: { right: 0, total: 0 },
  topics: new Map(),
  questions: new Map(),
  coefficients: { question: [0, 1, 1, 1, 0, 0, 0, 0, 0, 0], topic: [0, 1, 1, 1, 0, 0, 0] },
};

export type Difficulty = {
  /** a_q: log-odds of a right answer to the question by anyone. */
  readonly question: number;
  /** a_s: log-odds of a right answer in the topic by anyone. */
  readonly topic: number;
};

const TOPIC_PRIOR = 20;
const QUESTION_PRIOR = 5;
const none: Counts = { right: 0, total: 0 };

/**
 * How easy a question and its topic are for anyone, in log-odds.
 * Formula: p₀ = (w + 1)/(n + 2); p_s = (w_s + 20 p₀)/(n_s + 20); p_q = (w_q + 5 p_s)/(n_q + 5); a = ln(p/(1 − p)).
 * Symbols: w right answers of n counted by the version, in all, in the topic s, to the question q; each mean is drawn towards
 * the one above it by as many answers as its prior says.
 * Edge cases: nothing counted, 0; a question that was not counted is as easy as its topic.
 * `without` is taken off the counts: the answers of the learner who is forecast, where the version is being fitted.
 */
export function difficultyOf(
  model: Pick<MasteryModel, 'all' | 'topics' | 'questions'>,
  { questionId, topicId }: { readonly questionId: string; readonly topicId: string },
  without?: Pick<MasteryModel, 'all' | 'topics' | 'questions'>,
): Difficulty {
  const all = left(model.all, without?.all);
  const ofTopic = left(model.topics.get(topicId), without?.topics.get(topicId));
  const ofQuestion = left(model.questions.get(questionId), without?.questions.get(questionId));
  const p0 = (all.right + 1) / (all.total + 2);
  const pTopic = (ofTopic.right + TOPIC_PRIOR * p0) / (ofTopic.total + TOPIC_PRIOR);
  const pQuestion = (ofQuestion.right + QUESTION_PRIOR * pTopic) / (ofQuestion.total + QUESTION_PRIOR);
  return { question: logOdds(pQuestion), topic: logOdds(pTopic) };
}

function left(counted: Counts = none, without: Counts = none): Counts {
  return { right: counted.right - without.right, total: counted.total - without.total };
}

export function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** σ: the probability of log-odds. */
export function probabilityOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
