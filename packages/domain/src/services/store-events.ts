// The statements of one batch, in one order everywhere: events, attempts, sessions, interactions, days, counts.
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { findAttemptNumbers, insertAttempts } from '../stores/attempt-store.ts';
import type { AttemptKey, AttemptNumber, AttemptRow } from '../stores/attempt-store.ts';
import { markDirtyDays } from '../stores/dirty-day-store.ts';
import type { DirtyDay } from '../stores/dirty-day-store.ts';
import { compareEvents, eventKey, insertEvents } from '../stores/event-store.ts';
import type { EventRow } from '../stores/event-store.ts';
import { addToInteractions } from '../stores/interaction-store.ts';
import type { InteractionDelta } from '../stores/interaction-store.ts';
import { takeBackLearnerAnswers } from '../stores/learner-store.ts';
import type { LockedLearner } from '../stores/learner-store.ts';
import { addToSessions } from '../stores/session-store.ts';
import type { SessionDelta } from '../stores/session-store.ts';
import { dirtyDays, interactionDeltas, sessionDeltas } from './project-events.ts';
import type { ProjectedEvent } from './project-events.ts';
import type { AcceptableItem, ItemResult } from './record-events.ts';
import type { Verdict } from './resolve-event.ts';

export type StoreInput = {
  readonly items: readonly AcceptableItem[];
  readonly learners: ReadonlyMap<string, LockedLearner>;
  readonly sessionIds: ReadonlyMap<number, string>;
  readonly now: Date;
};

export type Stored = {
  readonly changedLearners: readonly string[];
  /** By position; the last of the batch's rows to arrive. Rejects only where the transaction fails with the same. */
  readonly results: Promise<ReadonlyMap<number, ItemResult>>;
};

export type Candidate = {
  readonly position: number;
  readonly row: EventRow;
  readonly at: Date;
  readonly verdict: Verdict | null;
  readonly isNumbered: boolean;
};

/** Resolves when it is known which events are new; what follows from that is on its way then. */
export async function storeEvents(app: Pick<App, 'studyDayAt'>, tx: Tx, input: StoreInput): Promise<Stored> {
  const candidates = candidatesOf(app, input);
  const firsts = firstOfEachId(candidates);
  const inserted = await insertEvents(
    tx,
    firsts.map(({ row }) => row),
  );
  const isNew = new Set(firsts.filter(({ row }) => inserted.has(eventKey(row.userId, row.id))));
  const accepted = firsts.filter((candidate) => isNew.has(candidate));
  const repeated = candidates.filter((candidate) => !isNew.has(candidate));
  storeProjections(tx, accepted);
  takeBackLearnerAnswers(tx, countAnswers(firsts.filter((candidate) => !isNew.has(candidate))));
  const results = resultsOf(tx, input.learners, { accepted, repeated });
  results.catch(() => undefined); // the transaction throws it too
  return { results, changedLearners: [...new Set(accepted.map(({ row }) => row.userId))] };
}

function storeProjections(tx: Tx, accepted: readonly Candidate[]): void {
  const { attempts, sessions, interactions, days } = projectionsOf(accepted);
  insertAttempts(tx, attempts);
  addToSessions(tx, sessions);
  addToInteractions(tx, interactions);
  markDirtyDays(tx, days);
}

/** Answers of each learner. */
function countAnswers(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { row, verdict } of candidates) {
    if (verdict !== null) counts.set(row.userId, (counts.get(row.userId) ?? 0) + 1);
  }
  return counts;
}

type Told = { readonly accepted: readonly Candidate[]; readonly repeated: readonly Candidate[] };

async function resultsOf(
  tx: Tx,
  learners: ReadonlyMap<string, LockedLearner>,
  { accepted, repeated }: Told,
): Promise<ReadonlyMap<number, ItemResult>> {
  const comparing = compareEvents(
    tx,
    repeated.map(({ row }) => row),
  );
  const [same, numbers] = await Promise.all([
    comparing,
    findAttemptNumbers(tx, attemptKeys([...accepted, ...repeated], learners)),
  ]);
  return new Map<number, ItemResult>([
    ...accepted.map(({ position, row, verdict }) => {
      const note = verdict?.note ?? null;
      const noted = note === null ? {} : { note };
      return [position, { eventId: row.id, status: 'accepted', ...noted, ...attemptOf(numbers, position) }] as const;
    }),
    ...repeated.map(({ position, row }, index) => {
      if (same[index] !== true) return [position, { eventId: row.id, status: 'conflict' }] as const;
      return [position, { eventId: row.id, status: 'duplicate', ...attemptOf(numbers, position) }] as const;
    }),
  ]);
}

function attemptOf(numbers: ReadonlyMap<number, AttemptNumber>, position: number) {
  const attempt = numbers.get(position);
  return attempt === undefined ? {} : { attempt };
}

function attemptKeys(
  candidates: readonly Candidate[],
  learners: ReadonlyMap<string, LockedLearner>,
): readonly AttemptKey[] {
  return candidates.flatMap(({ position, row, at, isNumbered }): readonly AttemptKey[] => {
    const { userId, id, questionId } = row;
    const since = learners.get(userId)?.firstAnswerAt ?? null;
    if (!isNumbered || questionId === null || since === null) return [];
    return [{ position, userId, questionId, id, attemptedAt: at, since }];
  });
}

export type Projections = {
  readonly attempts: readonly AttemptRow[];
  readonly sessions: readonly SessionDelta[];
  readonly interactions: readonly InteractionDelta[];
  readonly days: readonly DirtyDay[];
};

/** What events that are new add to the other tables. */
export function projectionsOf(accepted: readonly Candidate[]): Projections {
  const projected = accepted.map(projectedEvent);
  return {
    attempts: accepted.flatMap(({ row, at, verdict }) => (verdict === null ? [] : [attemptRow(row, at, verdict)])),
    sessions: sessionDeltas(projected),
    interactions: interactionDeltas(projected),
    days: dirtyDays(projected),
  };
}

/** Items as rows in the order in which every writer touches them; repetitions of an id follow its first. */
export function candidatesOf(app: Pick<App, 'studyDayAt'>, input: StoreInput): readonly Candidate[] {
  return input.items.map((item) => candidateOf(app, item, input)).sort(byLearnerAndId);
}

function candidateOf(
  { studyDayAt }: Pick<App, 'studyDayAt'>,
  item: AcceptableItem,
  { learners, sessionIds, now }: StoreInput,
): Candidate {
  const { position, userId, origin, event, topicId, verdict, isNumbered } = item;
  const learner = learners.get(userId);
  const sessionId = sessionIds.get(position);
  if (learner === undefined || sessionId === undefined) {
    throw new Error('an item reached the store without its learner or session');
  }
  const row: EventRow = {
    userId,
    id: event.eventId,
    receivedAt: now,
    studyDay: studyDayAt(event.occurredAtMs, event.timezone ?? learner.timezone, learner.rolloverHour),
    timezone: event.timezone,
    sessionId,
    eventType: event.eventType,
    materialId: event.materialId,
    chunkId: event.chunkId,
    questionId: event.questionId,
    topicId,
    claimedTopicId: event.topicId,
    properties: event.properties,
    clientIp: origin.clientIp,
    deviceType: origin.deviceType,
  };
  return { position, row, at: new Date(event.occurredAtMs), verdict, isNumbered };
}

function attemptRow(row: EventRow, attemptedAt: Date, verdict: Verdict): AttemptRow {
  if (row.questionId === null || row.topicId === null) {
    throw new Error('an answer reached the store without its question or topic');
  }
  const { note: _note, ...graded } = verdict;
  const { userId, id, sessionId, receivedAt, studyDay } = row;
  return {
    userId,
    id,
    attemptedAt,
    sessionId,
    questionId: row.questionId,
    topicId: row.topicId,
    receivedAt,
    studyDay,
    ...graded,
  };
}

function projectedEvent({ row, at, verdict }: Candidate): ProjectedEvent {
  const { userId, sessionId, studyDay, eventType, materialId, chunkId, topicId } = row;
  // as: properties are a JSON object, checked by the event's schema
  return {
    userId,
    sessionId,
    at,
    studyDay,
    eventType,
    materialId,
    chunkId,
    topicId,
    properties: row.properties as Readonly<Record<string, unknown>>,
    isCorrect: verdict?.isCorrect ?? null,
  };
}

export function firstOfEachId(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ row }) => {
    const key = eventKey(row.userId, row.id);
    return seen.has(key) ? false : seen.add(key);
  });
}

// One order for every writer, or two batches deadlock. The position keeps the first of an id first.
function byLearnerAndId(a: Candidate, b: Candidate): number {
  if (a.row.userId !== b.row.userId) return a.row.userId < b.row.userId ? -1 : 1;
  if (a.row.id !== b.row.id) return a.row.id < b.row.id ? -1 : 1;
  return a.position - b.position;
}
