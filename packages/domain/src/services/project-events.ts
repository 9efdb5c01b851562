// What a set of new events adds to sessions, interactions and days. Pure sums, minima and maxima: any order gives the same.
import type { DirtyDay } from '../stores/dirty-day-store.ts';
import type { InteractionDelta } from '../stores/interaction-store.ts';
import type { SessionDelta } from '../stores/session-store.ts';

export type ProjectedEvent = {
  readonly userId: string;
  readonly sessionId: string;
  readonly at: Date;
  readonly studyDay: string;
  readonly eventType: string;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly topicId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  /** `null` for anything but an answer. */
  readonly isCorrect: boolean | null;
};

/** A read this deep completes what was read. */
const COMPLETE_DEPTH_PERCENT = 90;

export function sessionDeltas(events: readonly ProjectedEvent[]): readonly SessionDelta[] {
  return grouped(events, (event) => `${event.userId}/${event.sessionId}`).map((group) => {
    const [first] = group;
    const types = countTypes(group);
    return {
      userId: first.userId,
      id: first.sessionId,
      startedAt: earliest(group) ?? first.at,
      lastEventAt: latest(group),
      pauseCount: types.get('session_pause') ?? 0,
      materialsViewed: types.get('material_open') ?? 0,
      materialsCompleted: types.get('material_complete') ?? 0,
      chunksRead: sum(group, (event) => (event.eventType === 'material_read' && event.chunkId !== null ? 1 : 0)),
      questionsAttempted: types.get('question_attempt') ?? 0,
      questionsCorrect: sum(group, (event) => (event.isCorrect === true ? 1 : 0)),
      aiInteractions: types.get('ai_question_asked') ?? 0,
      xpEarned: sum(group, (event) => (event.eventType === 'xp_earned' ? numberOf(event.properties['amount']) : 0)),
      achievementsUnlocked: types.get('achievement_unlocked') ?? 0,
    };
  });
}

export function interactionDeltas(events: readonly ProjectedEvent[]): readonly InteractionDelta[] {
  const reading = events.filter((event) => event.materialId !== null && event.eventType.startsWith('material_'));
  return grouped(
    reading,
    (event) => `${event.userId}/${event.sessionId}/${event.materialId ?? ''}/${event.chunkId ?? ''}`,
  ).map((group) => {
    const [first] = group;
    const types = countTypes(group);
    const reads = group.filter((event) => event.eventType === 'material_read');
    return {
      userId: first.userId,
      sessionId: first.sessionId,
      materialId: first.materialId ?? '',
      chunkId: first.chunkId,
      topicId:
        group
          .map((event) => event.topicId)
          .filter((topic) => topic !== null)
          .sort()[0] ?? null,
      startedAt: earliest(group) ?? first.at,
      endedAt: latest(group),
      durationSeconds:
        sum(reads, ({ properties }) => Math.round(numberOf(properties['durationSeconds']) * 1000)) / 1000,
      scrollDepthPercent: Math.max(0, ...reads.map(({ properties }) => numberOf(properties['scrollDepthPercent']))),
      completedAt: earliest(group.filter(completes)),
      openCount: types.get('material_open') ?? 0,
      highlightsCount: types.get('material_highlight') ?? 0,
      notesCount: types.get('material_note') ?? 0,
      bookmarked: types.has('material_bookmark'),
    };
  });
}

/** Whether an event completes what it is about: the material, or the chunk it names. */
function completes({ eventType, properties }: Pick<ProjectedEvent, 'eventType' | 'properties'>): boolean {
  if (eventType === 'material_complete') return true;
  return eventType === 'material_read' && numberOf(properties['scrollDepthPercent']) >= COMPLETE_DEPTH_PERCENT;
}

export function dirtyDays(events: readonly ProjectedEvent[]): readonly DirtyDay[] {
  return grouped(events, (event) => `${event.userId}/${event.studyDay}`).map((group) => ({
    userId: group[0].userId,
    studyDay: group[0].studyDay,
    completed: group.some((event) => event.chunkId === null && completes(event)),
  }));
}

/** Groups sorted by key, so that every writer touches rows in the same order. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function countTypes(events: readonly ProjectedEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { eventType } of events) counts.set(eventType, (counts.get(eventType) ?? 0) + 1);
  return counts;
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}

function earliest(events: readonly ProjectedEvent[]): Date | null {
  return events.reduce<Date | null>((first, { at }) => (first === null || at < first ? at : first), null);
}

function latest([first, ...others]: readonly [ProjectedEvent, ...ProjectedEvent[]]): Date {
  return others.reduce((last, { at }) => (at > last ? at : last), first.at);
}
