// The days half of an update: sessions from their events, then the daily and topic-daily rows of every day that they touch.
import type { Tx } from '../../database/index.ts';
import { listGoals, saveDailyStats, saveTopicDays } from '../../stores/derived-day-store.ts';
import { listSessionDays, saveSessionTimes } from '../../stores/session-time-store.ts';
import { listAttemptsOfDays, listKeptFacts } from '../../stores/study-facts-store.ts';
import type { LearnerAttempt, LearnerEvent } from '../../stores/study-facts-store.ts';
import { firstOpenDay } from '../retention/boundary.ts';
import { dayRows } from './day-rows.ts';
import { dayKeys, loadSessionIds, loadSessions, withKept } from './load-sessions.ts';
import type { Session, SessionsOf } from './load-sessions.ts';
import { sessionTimes } from './session-times.ts';

export type RollUpInput = {
  readonly userId: string;
  readonly days: readonly string[];
  /** Of the learner's checkpoint: days that lie before it as a whole stay as they are. */
  readonly boundary: string | null;
  readonly goalMinutes: number;
};

export type RollUp = {
  /** Every day that was computed again. */
  readonly days: readonly string[];
  /** The events of those days. */
  readonly events: readonly LearnerEvent[];
};

/** A learner with days to be computed, and what their checkpoint keeps. */
type Task = RollUpInput & {
  readonly keptEvents: readonly LearnerEvent[];
  readonly keptAttempts: readonly LearnerAttempt[];
};

type Touched = Task & {
  readonly sessions: readonly Session[];
  /** The days given, and those that their sessions reach into. */
  readonly allDays: readonly string[];
};

/** Computes the days of learners anew, with their sessions. By learner; those without a day to compute are left out. */
export async function rollUpDays(tx: Tx, learners: readonly RollUpInput[]): Promise<ReadonlyMap<string, RollUp>> {
  const tasks = await loadTasks(tx, learners);
  const touched = await touchSessions(tx, tasks);
  const others = await loadOthers(tx, touched);
  const computed = touched.map((task) => {
    const sessions = [...task.sessions, ...(others.get(task.userId) ?? [])];
    const isCounted = new Set(task.allDays);
    const events = sessions.flatMap((session) => session.events.filter(({ studyDay }) => isCounted.has(studyDay)));
    return { ...task, sessions, events };
  });
  await saveDays(tx, computed);
  return new Map(computed.map(({ userId, allDays, events }) => [userId, { days: allDays, events }]));
}

async function loadTasks(tx: Tx, learners: readonly RollUpInput[]): Promise<readonly Task[]> {
  const withDays = learners
    .map((learner) => ({ ...learner, days: openDays(learner.boundary, learner.days) }))
    .filter(({ days }) => days.length > 0);
  const withPast = withDays.filter(({ boundary }) => boundary !== null);
  const kept = await listKeptFacts(
    tx,
    withPast.map(({ userId }) => userId),
  );
  const events = Map.groupBy(kept.events, ({ userId }) => userId);
  const attempts = Map.groupBy(kept.attempts, ({ userId }) => userId);
  return withDays.map((learner) => ({
    ...learner,
    keptEvents: events.get(learner.userId) ?? [],
    keptAttempts: attempts.get(learner.userId) ?? [],
  }));
}

function openDays(boundary: string | null, days: readonly string[]): readonly string[] {
  const from = boundary === null ? null : firstOpenDay(boundary);
  return distinct(from === null ? days : days.filter((day) => day >= from));
}

async function touchSessions(tx: Tx, tasks: readonly Task[]): Promise<readonly Touched[]> {
  const sessionsOf = await loadSessions(tx, tasks, await loadSessionIds(tx, tasks));
  const sessions = [...sessionsOf].flatMap(([userId, own]) => own.map((session) => ({ userId, ...session })));
  const stored = await listSessionDays(
    tx,
    sessions.map(({ userId, spans }) => ({ userId, id: spans.sessionId })),
  );
  saveSessionTimes(
    tx,
    sessions.map(({ userId, spans, events }) => ({ userId, ...sessionTimes(spans, events) })),
  );
  const storedOf = Map.groupBy(stored, ({ userId }) => userId);
  return tasks.map((task) => {
    const { userId, days, boundary } = task;
    const own = sessionsOf.get(userId) ?? [];
    const storedDays = new Map((storedOf.get(userId) ?? []).map(({ id, studyDay }) => [id, studyDay]));
    const reached = [...neighbourDays(own, new Set(days)), ...movedSessions(own, storedDays)];
    return { ...task, sessions: own, allDays: openDays(boundary, [...days, ...reached]) };
  });
}

/** The sessions of days that came in besides, where they are not among those touched. */
async function loadOthers(tx: Tx, touched: readonly Touched[]): Promise<SessionsOf> {
  const tasks = touched
    .map((task) => ({ ...task, days: task.allDays.filter((day) => !task.days.includes(day)) }))
    .filter(({ days }) => days.length > 0);
  const sessionIds = await loadSessionIds(tx, tasks);
  const unknown = tasks.map(({ userId, sessions }): readonly [string, ReadonlySet<string>] => {
    const known = new Set(sessions.map(({ spans }) => spans.sessionId));
    return [userId, new Set([...(sessionIds.get(userId) ?? [])].filter((id) => !known.has(id)))];
  });
  return loadSessions(tx, tasks, new Map(unknown));
}

// An event ends the interval of the event before it in its session, which may belong to another study day.
function neighbourDays(sessions: readonly Session[], days: ReadonlySet<string>): readonly string[] {
  return sessions.flatMap(({ events }) =>
    events.flatMap((event, index) => {
      const next = events[index + 1];
      return next !== undefined && days.has(next.studyDay) ? [event.studyDay] : [];
    }),
  );
}

/** The day a session counts on now, and the one it counted on before. */
function movedSessions(sessions: readonly Session[], storedDays: ReadonlyMap<string, string>): readonly string[] {
  return sessions.flatMap(({ spans: { sessionId, firstStudyDay } }) => [
    firstStudyDay,
    storedDays.get(sessionId) ?? firstStudyDay,
  ]);
}

type Computed = Touched & { readonly events: readonly LearnerEvent[] };

async function saveDays(tx: Tx, computed: readonly Computed[]): Promise<void> {
  const keys = computed.flatMap(({ userId, allDays }) => dayKeys({ userId, days: allDays }));
  const [attemptRows, goalRows] = await Promise.all([listAttemptsOfDays(tx, keys), listGoals(tx, keys)]);
  const attempts = Map.groupBy(attemptRows, ({ userId }) => userId);
  const goals = Map.groupBy(goalRows, ({ userId }) => userId);
  const rows = computed.map((task) =>
    dayRows({
      ...task,
      days: task.allDays,
      attempts: withKept(attempts.get(task.userId) ?? [], task.keptAttempts),
      goals: new Map((goals.get(task.userId) ?? []).map(({ studyDay, goalMinutes }) => [studyDay, goalMinutes])),
    }),
  );
  saveDailyStats(
    tx,
    rows.flatMap(({ daily }) => daily),
  );
  saveTopicDays(
    tx,
    rows.flatMap(({ topicDays }) => topicDays),
  );
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
