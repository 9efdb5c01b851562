// The sessions of study days, each with all its events: those that are stored, and those that a checkpoint keeps.
import { compareCanonical, sessionSpans, utcRangeOfStudyDay } from '../../algorithms/index.ts';
import type { SessionSpans } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listEventsOfSessions, listSessionsOfDays } from '../../stores/study-facts-store.ts';
import type { LearnerEvent, StudyDayKey } from '../../stores/study-facts-store.ts';

/** A session with its events, whole and in canonical order. */
export type Session = { readonly events: readonly LearnerEvent[]; readonly spans: SessionSpans };

/** By learner. */
export type SessionsOf = ReadonlyMap<string, readonly Session[]>;

/** A learner's days, and what their checkpoint keeps. */
export type DaysOf = {
  readonly userId: string;
  readonly days: readonly string[];
  readonly keptEvents: readonly LearnerEvent[];
};

/** By learner. */
export type SessionIds = ReadonlyMap<string, ReadonlySet<string>>;

export async function loadSessionIds(tx: Tx, tasks: readonly DaysOf[]): Promise<SessionIds> {
  const stored = Map.groupBy(await listSessionsOfDays(tx, tasks.flatMap(dayKeys)), ({ userId }) => userId);
  return new Map(
    tasks.map(({ userId, days, keptEvents }) => {
      const isAsked = new Set(days);
      const kept = keptEvents.flatMap(({ studyDay, sessionId }) => (isAsked.has(studyDay) ? [sessionId] : []));
      return [userId, new Set([...(stored.get(userId) ?? []).map(({ id }) => id), ...kept])];
    }),
  );
}

export async function loadSessions(tx: Tx, tasks: readonly DaysOf[], sessionIds: SessionIds): Promise<SessionsOf> {
  const keys = [...sessionIds].flatMap(([userId, ids]) => [...ids].map((id) => ({ userId, id })));
  const stored = Map.groupBy(await listEventsOfSessions(tx, keys), ({ userId }) => userId);
  return new Map(
    tasks.map(({ userId, keptEvents }) => {
      const isAsked = sessionIds.get(userId) ?? new Set();
      const kept = keptEvents.filter(({ sessionId }) => isAsked.has(sessionId));
      return [userId, sessionsFrom(withKept(stored.get(userId) ?? [], kept))];
    }),
  );
}

function sessionsFrom(events: readonly LearnerEvent[]): readonly Session[] {
  return [...Map.groupBy(events, (event) => event.sessionId).values()].map((own) => ({
    events: own.sort(compareCanonical),
    spans: sessionSpans(own),
  }));
}

// Until its month is dropped, a fact that is kept is stored as well.
export function withKept<Fact extends { readonly id: string }>(
  stored: readonly Fact[],
  kept: readonly Fact[],
): readonly Fact[] {
  if (kept.length === 0) return stored;
  const known = new Set(stored.map(({ id }) => id));
  return [...stored, ...kept.filter(({ id }) => !known.has(id))];
}

export function dayKeys({ userId, days }: Pick<DaysOf, 'userId' | 'days'>): readonly StudyDayKey[] {
  return days.map((studyDay) => ({ userId, studyDay, ...utcRangeOfStudyDay(studyDay) }));
}
