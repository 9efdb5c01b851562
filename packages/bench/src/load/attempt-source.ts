// Answers as learners send them, from a seed: a few learners give most of them, one in twenty comes late, one in a hundred twice.
import { createRandom } from '@studyin/devkit/simulator/random';
import type { Random } from '@studyin/devkit/simulator/random';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';

export type Attempt = {
  readonly eventId: string;
  readonly sessionId: string;
  readonly questionId: string;
  readonly properties: {
    readonly selectedAnswer: string;
    readonly timeToAnswerSeconds: number;
    readonly confidenceLevel: number;
  };
};

/** Answers of one learner, sent in one call. */
export type AttemptCall = { readonly learner: number; readonly attempts: readonly Attempt[] };

export type AttemptSource = { next(attempts: number): AttemptCall };

export type SourceOptions = {
  /** Two sources with the same seed make the same answers, with the same ids. */
  readonly seed: string;
  readonly learners: number;
  readonly nowMs: number;
};

const LATE = 0.05;
const TWICE = 0.01;
const LATEST_MS = 20 * 86_400_000;
const RECENT_MS = 60_000;
const SESSION_ANSWERS = 40;
/** Zipf's exponent: of 1,000 learners the busiest tenth gives half of the answers. */
const SKEW = 0.8;

/** The id of a learner by number, in every bench. */
export function learnerId(learner: number): string {
  return deterministicUuid('studyin:bench-learner', String(learner));
}

export function createAttemptSource({ seed, learners, nowMs }: SourceOptions): AttemptSource {
  const random = createRandom(seed);
  const pickLearner = zipf(learners, random);
  const questions = (defaultCurriculum().questions ?? []).map(({ id }) => id);
  const answered = Array.from({ length: learners }, () => 0);
  const last = new Map<number, Attempt>();
  let made = 0;
  const attemptOf = (learner: number): Attempt => {
    const before = last.get(learner);
    if (before !== undefined && random.chance(TWICE)) return before;
    const count = (answered[learner] ?? 0) + 1;
    answered[learner] = count;
    made += 1;
    const atMs = nowMs - random.int(0, random.chance(LATE) ? LATEST_MS : RECENT_MS);
    const session = `${seed}/${learner}/${Math.floor(count / SESSION_ANSWERS)}`;
    const attempt = {
      eventId: eventIdFor(atMs, `${seed}/${made}`),
      sessionId: deterministicUuid('studyin:bench-session', session),
      questionId: random.pick(questions),
      properties: {
        selectedAnswer: random.pick(['A', 'B', 'C', 'D', 'E']),
        timeToAnswerSeconds: random.int(5, 120),
        confidenceLevel: random.int(1, 5),
      },
    };
    last.set(learner, attempt);
    return attempt;
  };
  return {
    next: (attempts) => {
      const learner = pickLearner();
      return { learner, attempts: Array.from({ length: attempts }, () => attemptOf(learner)) };
    },
  };
}

/** A number below `count`, k with a weight of 1 / (k + 1)^SKEW. */
function zipf(count: number, random: Pick<Random, 'next'>): () => number {
  const sums = new Float64Array(count);
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    total += 1 / (index + 1) ** SKEW;
    sums[index] = total;
  }
  return () => {
    const wanted = random.next() * total;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
