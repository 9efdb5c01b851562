// What an example learner truly knows at a time: learned by answering and reading, lost by waiting. Its model is not the
// product's, on purpose: scores that agree with it have found something out.

/** The truth at any time, past ones too: as the learner stood then. */
export type Truth = {
  /** Log-odds of a right answer to a question of the topic that is of middling difficulty and was never seen. */
  abilityAt(topicId: string, atMs: number): number;
  /** Chance of a right answer to a question, seen before or not. */
  recallAt(question: AskedQuestion, atMs: number): number;
};

export type AskedQuestion = { readonly id: string; readonly topicId: string; readonly difficulty: number };

export type Memory = Truth & {
  /** Whatever teaches the topic: reading, or an answer and what was right. */
  practiseTopic(topicId: string, gain: number, atMs: number): void;
  /** A question that was asked is known better, and longer each time. */
  practiseQuestion(questionId: string, atMs: number): void;
};

type Trace = { readonly learned: number; readonly halfLifeDays: number; readonly lastAtMs: number };
type Learning = {
  readonly firstHalfLifeDays: number;
  /** Of the half-life, at each practice. */
  readonly growth: number;
  readonly mostLearned: number;
};

const DAY_MS = 86_400_000;
const LONGEST_HALF_LIFE_DAYS = 120;
const HARDEST = 2.5;
const GUESS = 0.15;
const GAIN_OF_QUESTION = 0.5;
const ofTopics: Learning = { firstHalfLifeDays: 4, growth: 1.25, mostLearned: 1.2 };
const ofQuestions: Learning = { firstHalfLifeDays: 3, growth: 2, mostLearned: 1 };

/**
 * P = .15 + .85 σ(ability + learned(topic) + learned(question) − 2.5 (difficulty − .5)), where learned = l · 2^(−days/half-life);
 * each practice adds to l and lengthens the half-life.
 */
export function createMemory(abilityOf: (topicId: string) => number): Memory {
  const traces = new Map<string, Trace[]>();
  const learnedAt = (id: string, atMs: number): number => {
    const trace = traces.get(id)?.findLast(({ lastAtMs }) => lastAtMs <= atMs);
    if (trace === undefined) return 0;
    return trace.learned * 2 ** (-(atMs - trace.lastAtMs) / DAY_MS / trace.halfLifeDays);
  };
  const practise = (id: string, gain: number, { atMs, ...by }: Learning & { readonly atMs: number }): void => {
    const known = traces.get(id) ?? [];
    const halfLifeDays = (known.at(-1)?.halfLifeDays ?? by.firstHalfLifeDays / by.growth) * by.growth;
    known.push({
      learned: Math.min(by.mostLearned, learnedAt(id, atMs) + gain),
      halfLifeDays: Math.min(LONGEST_HALF_LIFE_DAYS, halfLifeDays),
      lastAtMs: atMs,
    });
    traces.set(id, known);
  };
  const abilityAt = (topicId: string, atMs: number): number => abilityOf(topicId) + learnedAt(topicId, atMs);
  return {
    abilityAt,
    recallAt: ({ id, topicId, difficulty }, atMs) => {
      const logit = abilityAt(topicId, atMs) + learnedAt(id, atMs) - HARDEST * (difficulty - 0.5);
      return GUESS + (1 - GUESS) / (1 + Math.exp(-logit));
    },
    practiseTopic: (topicId, gain, atMs) => practise(topicId, gain, { ...ofTopics, atMs }),
    practiseQuestion: (questionId, atMs) => practise(questionId, GAIN_OF_QUESTION, { ...ofQuestions, atMs }),
  };
}
