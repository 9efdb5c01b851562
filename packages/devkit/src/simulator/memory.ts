// What an example learner truly knows at a time: learned by answering and reading, lost by waiting. Its model is not the
// product's, on purpose: scores that agree with it have found something out.

export type Memory = {
  /** Chance of a right answer to a question of the topic at `atMs`. */
  chanceOfRight(topicId: string, difficulty: number, atMs: number): number;
  practise(topicId: string, gain: number, atMs: number): void;
};

type Trace = { readonly learned: number; readonly halfLifeDays: number; readonly lastAtMs: number };

const DAY_MS = 86_400_000;
const FIRST_HALF_LIFE_DAYS = 4;
const GROWTH = 1.25;
const MOST_LEARNED = 2.4;
const LONGEST_HALF_LIFE_DAYS = 120;
const HARDEST = 2.5;
const GUESS = 0.15;

/** P = .15 + .85 σ(ability + learned · 2^(−days/half-life) − 2.5 (difficulty − .5)); each practice adds to `learned` and to the half-life. */
export function createMemory(abilityOf: (topicId: string) => number): Memory {
  const traces = new Map<string, Trace>();
  const learnedAt = (topicId: string, atMs: number): number => {
    const trace = traces.get(topicId);
    if (trace === undefined) return 0;
    return trace.learned * 2 ** (-(atMs - trace.lastAtMs) / DAY_MS / trace.halfLifeDays);
  };
  return {
    chanceOfRight: (topicId, difficulty, atMs) => {
      const logit = abilityOf(topicId) + learnedAt(topicId, atMs) - HARDEST * (difficulty - 0.5);
      return GUESS + (1 - GUESS) / (1 + Math.exp(-logit));
    },
    practise: (topicId, gain, atMs) => {
      const halfLifeDays = traces.get(topicId)?.halfLifeDays ?? FIRST_HALF_LIFE_DAYS / GROWTH;
      traces.set(topicId, {
        learned: Math.min(MOST_LEARNED, learnedAt(topicId, atMs) + gain),
        halfLifeDays: Math.min(LONGEST_HALF_LIFE_DAYS, halfLifeDays * GROWTH),
        lastAtMs: atMs,
      });
    },
  };
}
