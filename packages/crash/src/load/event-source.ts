// A few learners at work, from a seed: mostly answers, some reading, one event in twenty late by up to twenty days.
import { createRandom } from '@studyin/devkit/simulator/random';
import type { Random } from '@studyin/devkit/simulator/random';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import type { SentItem } from './ledger.ts';

/** Items of one learner, as they are sent and as the ledger keeps them. */
export type Call = {
  readonly learner: number;
  readonly wire: readonly object[];
  readonly items: readonly SentItem[];
};

export type EventSource = {
  /** A call of one to eight items of any learner. */
  next(): Call;
  /** One answer of each of so many learners that no other call has, each item naming its learner. */
  oneOfEach(learners: number): { readonly wire: readonly object[]; readonly items: readonly SentItem[] };
};

export type SourceOptions = { readonly seed: string; readonly learners: number; readonly nowMs: number };

const MOST_ITEMS = 8;
const LATE = 0.05;
const LATEST_MS = 20 * 86_400_000;
const RECENT_MS = 600_000;
const READING = 0.2;
const SESSION_ITEMS = 40;

/** The id of a learner by number. */
export function learnerId(learner: number): string {
  return deterministicUuid('studyin:crash-learner', String(learner));
}

type Fields = { readonly eventType: string; readonly properties: object } & Readonly<Record<string, unknown>>;
type Placed = { readonly wire: object; readonly item: SentItem };

/** Two sources of one seed and time give the same calls. */
export function createEventSource({ seed, learners, nowMs }: SourceOptions): EventSource {
  const random = createRandom(seed);
  const acts = createActs(random);
  let made = 0;
  const place = (learner: number, fields: Fields): Placed => {
    made += 1;
    const userId = learnerId(learner);
    const atMs = nowMs - random.int(0, random.chance(LATE) ? LATEST_MS : RECENT_MS);
    const eventId = eventIdFor(atMs, `${seed}/${made}`);
    const sessionId = deterministicUuid('studyin:crash-session', `${learner}/${Math.floor(made / SESSION_ITEMS)}`);
    return {
      wire: { ...fields, eventId, sessionId, timezone: 'UTC' },
      item: { userId, eventId, ...contentOf(fields) },
    };
  };
  return {
    next: () => {
      const learner = random.int(0, learners - 1);
      const placed = Array.from({ length: random.int(1, MOST_ITEMS) }, () => place(learner, acts.any()));
      return { learner, wire: placed.map(({ wire }) => wire), items: placed.map(({ item }) => item) };
    },
    oneOfEach: (count) => {
      const placed = Array.from({ length: count }, (_, index) => place(learners + index, acts.answer()));
      return {
        wire: placed.map(({ wire, item }) => ({ ...wire, userId: item.userId })),
        items: placed.map(({ item }) => item),
      };
    },
  };
}

function contentOf({ eventType, questionId, properties }: Fields): Omit<SentItem, 'userId' | 'eventId'> {
  const { selectedAnswer = null } = properties as { readonly selectedAnswer?: string }; // as: made in this file
  return { eventType, questionId: typeof questionId === 'string' ? questionId : null, selectedAnswer };
}

function createActs(random: Random): { any(): Fields; answer(): Fields } {
  const { questions = [], materials = [] } = defaultCurriculum();
  const answer = (): Fields => ({
    eventType: 'question_attempt',
    questionId: random.pick(questions).id,
    properties: { selectedAnswer: random.pick(['A', 'B', 'C', 'D', 'E']), timeToAnswerSeconds: random.int(5, 120) },
  });
  const reading = (): Fields => {
    const eventType = random.pick(['material_read', 'material_read', 'material_open', 'material_complete']);
    const properties = eventType === 'material_read' ? { durationSeconds: 30 } : {};
    return { eventType, materialId: random.pick(materials).id, properties };
  };
  return { answer, any: () => (random.chance(READING) ? reading() : answer()) };
}
