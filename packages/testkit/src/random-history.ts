// A learner's past by the roll of a seeded die: every event type, two tabs, pauses, ends and reopenings, travel, materials with
// and without chunks, known and unknown questions. The same seed gives the same events with the same ids.
import { deterministicUuid, eventIdFor, eventTypes } from '@studyin/domain/events';
import type { EventType } from '@studyin/domain/events';
import type { CurriculumInput, Origin } from '@studyin/domain/services';
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';
import { idOf } from './test-domain.ts';

export type HistoryItem = { readonly input: Readonly<Record<string, unknown>>; readonly origin: Origin };

export type HistoryOptions = {
  readonly seed: number;
  /** The first day's midnight, UTC. */
  readonly startMs: number;
  /** Default 40. */
  readonly days?: number;
  /** Default 12. */
  readonly sessions?: number;
};

const DAY_MS = 86_400_000;
export const historyTopicIds: readonly string[] = [1, 2, 3, 4].map((n) => idOf('history topic', n));
export const historyQuestionIds: readonly string[] = Array.from({ length: 16 }, (_, n) => idOf('history question', n));
const materialIds = [0, 1, 2, 3].map((n) => idOf('history material', n));
const chunkIds = [1, 2, 3].map((n) => idOf('history chunk', n));
const zones = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Kiritimati', null] as const;
const origins: readonly Origin[] = [
  { clientIp: null, deviceType: null },
  { clientIp: '192.0.2.0', deviceType: 'mobile' },
];

/** What the events refer to: three topics, of which the first two have materials; half the questions; a fourth topic without any. */
export const historyCurriculum: CurriculumInput = {
  topics: historyTopicIds.map((id, n) => ({ id, parentId: null, level: 0, slug: `history-${n}`, name: `Topic ${n}` })),
  questions: historyQuestionIds
    .slice(0, 8)
    .map((id, n) => ({ id, topicId: historyTopicIds[n % 3] ?? '', correctAnswer: 'A', options: ['A', 'B', 'C'] })),
  materials: materialIds.map((id, n) => ({ id, topicId: historyTopicIds[n % 2] ?? '', kind: 'pdf', chunkCount: n })),
};

/** All events of one learner, oldest session first. */
export function randomHistory(options: HistoryOptions): readonly HistoryItem[] {
  const { seed, startMs, days = 40, sessions = 12 } = options;
  const dice = createDice(seed);
  const items: HistoryItem[] = [];
  const starts = Array.from({ length: sessions }, () => startMs + Math.floor(dice.next() * days * DAY_MS));
  let startedMs = startMs;
  for (const [n, ownMs] of starts.sort((a, b) => a - b).entries()) {
    // Every fourth session is a second tab beside the one before.
    startedMs = dice.chance(0.25) ? startedMs + dice.int(0, 20_000) : ownMs;
    const sessionId = deterministicUuid(`history session ${seed}`, String(n));
    for (const { atMs, type } of timeline(dice, startedMs)) {
      const eventId = eventIdFor(atMs, `${seed} ${items.length}`);
      items.push(itemOf(dice, { type, eventId, sessionId, zone: zones[n % zones.length] ?? null }));
    }
  }
  return items;
}

/**
 * An order of arrival: all items in batches, shuffled unless they come `inOrder`, some of them twice. What a learner's rows end
 * in must not depend on it.
 */
export function randomArrival(
  items: readonly HistoryItem[],
  { seed, inOrder = false }: { readonly seed: number; readonly inOrder?: boolean },
): readonly (readonly HistoryItem[])[] {
  const dice = createDice(seed);
  const order = inOrder ? [...items] : dice.shuffle(items);
  const repeated = order.flatMap((item) => (dice.chance(0.1) ? [item, item] : [item]));
  const late = inOrder ? [] : order.filter(() => dice.chance(0.05));
  const rest = [...repeated, ...late];
  const batches: HistoryItem[][] = [];
  while (rest.length > 0) batches.push(rest.splice(0, dice.int(1, Math.ceil(items.length / 3))));
  return batches;
}

type Moment = { readonly atMs: number; readonly type: EventType };

// Ties, the edges of five and thirty minutes, and a night in between.
const gapsMs = [0, 1, 4_000, 31_500, 90_000, 299_999, 300_000, 300_001, 1_000_000, 1_800_000, 1_800_001, 20_000_000];

function timeline(dice: Dice, startMs: number): readonly Moment[] {
  const moments: Moment[] = [];
  let atMs = startMs;
  const happen = (type: EventType): void => {
    moments.push({ atMs, type });
    atMs += dice.chance(0.6) ? dice.int(1_000, 120_000) : dice.pick(gapsMs);
  };
  if (dice.chance(0.8)) happen('session_start');
  for (let left = dice.int(1, 10); left > 0; left -= 1) happen(randomType(dice));
  if (dice.chance(0.6)) happen('session_end');
  if (dice.chance(0.2)) for (let left = dice.int(1, 3); left > 0; left -= 1) happen(randomType(dice));
  return moments;
}

const materialTypes: readonly EventType[] = ['material_open', 'material_read', 'material_read', 'material_complete'];

function randomType(dice: Dice): EventType {
  if (dice.chance(0.4)) return 'question_attempt';
  return dice.chance(0.5) ? dice.pick(materialTypes) : dice.pick(eventTypes);
}

type ItemFacts = {
  readonly type: EventType;
  readonly eventId: string;
  readonly sessionId: string;
  readonly zone: string | null;
};

function itemOf(dice: Dice, { type, eventId, sessionId, zone }: ItemFacts): HistoryItem {
  const timezone = dice.chance(0.1) ? dice.pick(zones) : zone;
  return {
    input: {
      eventType: type,
      eventId,
      sessionId,
      ...(timezone === null ? {} : { timezone }),
      ...contentOf(dice, type),
    },
    origin: dice.pick(origins),
  };
}

type Content = Readonly<Record<string, unknown>>;

function contentOf(dice: Dice, type: EventType): Content {
  switch (type) {
    case 'question_attempt':
      return {
        questionId: dice.pick(historyQuestionIds),
        topicId: dice.pick(historyTopicIds),
        properties: attempt(dice),
      };
    case 'question_view':
    case 'question_review':
      return { questionId: dice.pick(historyQuestionIds.slice(0, 8)), ...maybe(dice, 'topicId', historyTopicIds) };
    case 'material_read':
      return { ...place(dice), properties: readingBeat(dice) };
    case 'material_open':
    case 'material_complete':
    case 'material_bookmark':
    case 'material_highlight':
    case 'material_note':
      return place(dice);
    case 'session_start':
      return { properties: dice.chance(0.5) ? { deviceType: dice.pick(['web', 'tablet']) } : {} };
    case 'xp_earned':
      return { ...maybe(dice, 'topicId', historyTopicIds), properties: { amount: dice.int(0, 50) } };
    default:
      return otherContentOf(dice, type);
  }
}

function otherContentOf(dice: Dice, type: EventType): Content {
  switch (type) {
    case 'level_up':
      return { properties: { level: dice.int(1, 9) } };
    case 'achievement_unlocked':
      return { properties: { achievementId: 'first-ten' } };
    case 'streak_continued':
    case 'streak_broken':
      return { properties: { streakDays: dice.int(1, 9) } };
    case 'search_performed':
      return { properties: { resultCount: dice.int(0, 9) } };
    case 'topic_explored':
      return { topicId: dice.pick(historyTopicIds) };
    case 'custom':
      return { name: 'deck_shared', properties: { deviceType: 'toaster', amount: 3, cards: dice.int(1, 9) } };
    case 'ai_question_asked':
    case 'ai_hint_requested':
      return { ...maybe(dice, 'topicId', historyTopicIds), ...maybe(dice, 'materialId', materialIds) };
    default:
      return {};
  }
}

function attempt(dice: Dice): Content {
  const selectedAnswer = dice.pick(['A', 'B']);
  return {
    selectedAnswer,
    ...(dice.chance(0.5) ? { correctAnswer: 'A' } : { isCorrect: selectedAnswer === 'A' }),
    timeToAnswerSeconds: dice.int(10, 900) / 10,
    ...(dice.chance(0.3) ? { confidenceLevel: dice.int(1, 5), hintUsed: dice.chance(0.5) } : {}),
  };
}

function readingBeat(dice: Dice): Content {
  const depth = dice.chance(0.7) ? { scrollDepthPercent: dice.pick([10, 50, 89.9, 90, 100]) } : {};
  return { durationSeconds: dice.int(0, 30_000) / 1000, ...depth };
}

// The topic is now and then another than the material's own.
function place(dice: Dice): Content {
  return {
    materialId: dice.pick(materialIds),
    ...maybe(dice, 'chunkId', chunkIds),
    ...(dice.chance(0.2) ? { topicId: dice.pick(historyTopicIds) } : {}),
  };
}

function maybe(dice: Dice, key: string, values: readonly string[]): Content {
  return dice.chance(0.5) ? { [key]: dice.pick(values) } : {};
}
