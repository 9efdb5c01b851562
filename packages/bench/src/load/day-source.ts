// One day of a learner: an hour or two of reading and answering on a few topics, in wire form.
import { createRandom } from '@studyin/devkit/simulator/random';
import type { Random } from '@studyin/devkit/simulator/random';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';

export type DaySource = { eventsOf(userId: string): readonly object[] };

export type DayOptions = {
  /** Midnight, UTC, at which the day begins. */
  readonly fromMs: number;
  readonly eventsADay: number;
};

type Fields = { readonly eventType: string; readonly properties: object } & Readonly<Record<string, unknown>>;

const TOPICS_A_DAY = 5;
const HOUR_MS = 3_600_000;
const BETWEEN_MS = [5_000, 60_000] as const;
const READING = 0.25;

/** The same learner always has the same day. */
export function createDaySource({ fromMs, eventsADay }: DayOptions): DaySource {
  const { questions = [], materials = [] } = defaultCurriculum();
  const questionsOf = Map.groupBy(questions, ({ topicId }) => topicId);
  const materialsOf = Map.groupBy(materials, ({ topicId }) => topicId);
  const topics = [...questionsOf.keys()];
  const study = (random: Random, studied: readonly string[]): Fields => {
    const topicId = random.pick(studied);
    const material = random.chance(READING) ? materialsOf.get(topicId)?.[0] : undefined;
    if (material === undefined) return answer(random, random.pick(questionsOf.get(topicId) ?? []).id);
    const properties = { durationSeconds: random.int(10, 300), scrollDepthPercent: random.int(10, 100) };
    return { eventType: 'material_read', materialId: material.id, properties };
  };
  return {
    eventsOf: (userId) => {
      const random = createRandom(`day/${userId}`);
      const studied = Array.from({ length: TOPICS_A_DAY }, () => random.pick(topics));
      const sessionId = deterministicUuid('studyin:bench-day', userId);
      let atMs = fromMs + random.int(6 * HOUR_MS, 20 * HOUR_MS);
      return Array.from({ length: eventsADay }, (_, n) => {
        atMs += random.int(...BETWEEN_MS);
        const fields =
          n === 0 ? mark('session_start') : n === eventsADay - 1 ? mark('session_end') : study(random, studied);
        return { eventId: eventIdFor(atMs, `${userId}/${n}`), sessionId, timezone: 'UTC', ...fields };
      });
    },
  };
}

function answer(random: Random, questionId: string): Fields {
  const selectedAnswer = random.pick(['A', 'B', 'C', 'D', 'E']);
  return {
    eventType: 'question_attempt',
    questionId,
    properties: { selectedAnswer, timeToAnswerSeconds: random.int(5, 120) },
  };
}

function mark(eventType: 'session_start' | 'session_end'): Fields {
  return { eventType, properties: {} };
}
