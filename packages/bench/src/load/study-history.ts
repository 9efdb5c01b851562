// What learners have done so far: so many answers, evenly over so many days, each in its place in time. In wire form, from a seed.
import { createRandom } from '@studyin/devkit/simulator/random';
import type { Random } from '@studyin/devkit/simulator/random';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import type { Attempt } from './attempt-source.ts';
import { wireItem } from './prepare-calls.ts';

export type StudyHistory = {
  /** The answers of a learner before the bench, oldest first. */
  pastOf(userId: string): readonly object[];
  /** Another answer of a learner at an instant; its id comes from the instant and `name`. */
  answerAt(userId: string, atMs: number, name: string): object;
};

export type HistoryOptions = {
  readonly answers: number;
  /** Days with an answer, one after the other; the last is the day before `endMs`. */
  readonly days: number;
  /** Topics that a learner studies. */
  readonly topics: number;
  readonly endMs: number;
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FIRST_HOUR = 8;
const HOURS_A_DAY = 10;

/** The same learner always has the same topics, and for the same `endMs` the same past. */
export function createStudyHistory({ answers, days, topics, endMs }: HistoryOptions): StudyHistory {
  const questionsOf = Map.groupBy(defaultCurriculum().questions ?? [], ({ topicId }) => topicId);
  const topicIds = [...questionsOf.keys()];
  const questionsFor = (userId: string): readonly string[] => {
    const random = createRandom(`study-history/topics/${userId}`);
    const studied = new Set<string>();
    while (studied.size < Math.min(topics, topicIds.length)) studied.add(random.pick(topicIds));
    return [...studied].flatMap((topicId) => (questionsOf.get(topicId) ?? []).map(({ id }) => id));
  };
  const firstDayMs = Math.floor(endMs / DAY_MS) * DAY_MS - days * DAY_MS;
  return {
    pastOf: (userId) => {
      const random = createRandom(`study-history/past/${userId}`);
      const questions = questionsFor(userId);
      return Array.from({ length: answers }, (_, n) => {
        const day = Math.floor((n * days) / answers);
        const part = ((n * days) / answers) % 1;
        const atMs = firstDayMs + day * DAY_MS + Math.round((FIRST_HOUR + part * HOURS_A_DAY) * HOUR_MS);
        return answer(random, { userId, questions, atMs, name: `past/${n}` });
      });
    },
    answerAt: (userId, atMs, name) =>
      answer(createRandom(`study-history/${name}/${userId}`), { userId, questions: questionsFor(userId), atMs, name }),
  };
}

type Given = {
  readonly userId: string;
  readonly questions: readonly string[];
  readonly atMs: number;
  readonly name: string;
};

function answer(random: Random, { userId, questions, atMs, name }: Given): object {
  const attempt: Attempt = {
    eventId: eventIdFor(atMs, `${userId}/${name}`),
    sessionId: deterministicUuid('studyin:bench-session', `${userId}/${Math.floor(atMs / DAY_MS)}`),
    questionId: random.pick(questions),
    properties: {
      selectedAnswer: random.pick(['A', 'B', 'C', 'D', 'E']),
      timeToAnswerSeconds: random.int(5, 120),
      confidenceLevel: random.int(1, 5),
    },
  };
  return wireItem(attempt);
}
