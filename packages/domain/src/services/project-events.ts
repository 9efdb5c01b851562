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
    const count = (type: string): number => group.filter((event) => event.eventType === type).length;
    return {
      userId: first.userId,
      id: first.sessionId,
      startedAt: earliest(group.map((event) => event.at)) ?? first.at,
      lastEventAt: latest(group.map((event) => event.at)),
      pauseCount: count('session_pause'),
      materialsViewed: count('material_open'),
      materialsCompleted: count('material_complete'),
      chunksRead: group.filter((event) => event.eventType === 'material_read' && event.chunkId !== null).length,
      questionsAttempted: count('question_attempt'),
      questionsCorrect: group.filter((event) => event.isCorrect === true).length,
      aiInteractions: count('ai_question_asked'),
      xpEarned: sum(
        group.filter((event) => event.eventType === 'xp_earned').map((event) => numberOf(event.properties['amount'])),
      ),
      achievementsUnlocked: count('achievement_unlocked'),
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
    const count = (type: string): number => group.filter((event) => event.eventType === type).length;
    const depths = group.map((event) =>
      event.eventType === 'material_read' ? numberOf(event.properties['scrollDepthPercent']) : 0,
    );
    const durationsMs = group.map((event) =>
      event.eventType === 'material_read' ? Math.round(numberOf(event.properties['durationSeconds']) * 1000) : 0,
    );
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
      startedAt: earliest(group.map((event) => event.at)) ?? first.at,
      endedAt: latest(group.map((event) => event.at)),
      durationSeconds: sum(durationsMs) / 1000,
      scrollDepthPercent: Math.max(...depths),
      completedAt: earliest(group.filter(completes).map((event) => event.at)),
      openCount: count('material_open'),
      highlightsCount: count('material_highlight'),
      notesCount: count('material_note'),
      bookmarked: count('material_bookmark') > 0,
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function earliest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
