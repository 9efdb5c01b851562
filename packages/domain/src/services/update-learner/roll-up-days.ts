// The days half of an update: sessions from their events, then the daily and topic-daily rows of every day that they touch.
import {
  compareCanonical,
  computeDailyStats,
  computeTopicDay,
  sessionSpans,
  utcRangeOfStudyDay,
} from '../../algorithms/index.ts';
import type { DailyStats, SessionSpans, TopicDayStats } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listGoals, saveDailyStats, saveTopicDays } from '../../stores/derived-day-store.ts';
import type { DerivedRow } from '../../stores/derived-day-store.ts';
import { listSessionDays, saveSessionTimes } from '../../stores/session-time-store.ts';
import {
  listAttemptsOfDays,
  listEventsOfSessions,
  listKeptFacts,
  listSessionIdsOfDays,
} from '../../stores/study-facts-store.ts';
import type { KeptFacts, StudyEvent, TimeRange } from '../../stores/study-facts-store.ts';
import { firstOpenDay } from '../retention/boundary.ts';
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
  readonly events: readonly StudyEvent[];
};

const JOINED_WITHIN_MS = 31 * 86_400_000;

/** A session with its events, whole and in canonical order. */
type Session = { readonly events: readonly StudyEvent[]; readonly spans: SessionSpans };

type Source = { readonly userId: string; readonly kept: KeptFacts };

export async function rollUpDays(tx: Tx, { userId, boundary, ...input }: RollUpInput): Promise<RollUp> {
  const openFrom = boundary === null ? null : firstOpenDay(boundary);
  const openDays = (days: readonly string[]): readonly string[] =>
    distinct(openFrom === null ? days : days.filter((day) => day >= openFrom));
  const days = openDays(input.days);
  if (days.length === 0) return { days: [], events: [] };
  const source = { userId, kept: boundary === null ? nothingKept : await listKeptFacts(tx, userId) };
  const touched = await loadSessions(tx, source, await loadSessionIds(tx, source, days));
  const storedDays = await listSessionDays(
    tx,
    userId,
    touched.map(({ spans }) => spans.sessionId),
  );
  await saveSessionTimes(
    tx,
    userId,
    touched.map(({ spans, events }) => sessionTimes(spans, events)),
  );
  const allDays = openDays([...days, ...neighbourDays(touched, new Set(days)), ...movedSessions(touched, storedDays)]);
  const sessions = [...touched, ...(await loadOthers(tx, source, { touched, days, allDays }))];
  const isCounted = new Set(allDays);
  const events = sessions.flatMap((session) => session.events.filter(({ studyDay }) => isCounted.has(studyDay)));
  await saveDays(tx, { ...source, days: allDays, goalMinutes: input.goalMinutes, events, sessions });
  return { days: allDays, events };
}

const nothingKept: KeptFacts = { events: [], attempts: [] };

async function loadSessionIds(tx: Tx, { userId, kept }: Source, days: readonly string[]): Promise<readonly string[]> {
  const stored = await listSessionIdsOfDays(tx, userId, { days, ranges: rangesOf(days) });
  const isAsked = new Set(days);
  const ofKept = kept.events.flatMap(({ studyDay, sessionId }) => (isAsked.has(studyDay) ? [sessionId] : []));
  return distinct([...stored, ...ofKept]);
}

async function loadSessions(tx: Tx, source: Source, sessionIds: readonly string[]): Promise<readonly Session[]> {
  if (sessionIds.length === 0) return [];
  const isAsked = new Set(sessionIds);
  const events = withKept(
    await listEventsOfSessions(tx, source.userId, sessionIds),
    source.kept.events.filter(({ sessionId }) => isAsked.has(sessionId)),
  );
  return [...Map.groupBy(events, (event) => event.sessionId).values()].map((own) => ({
    events: own.sort(compareCanonical),
    spans: sessionSpans(own),
  }));
}

// Until its month is dropped, a fact that is kept is stored as well.
function withKept<Fact extends { readonly id: string }>(
  stored: readonly Fact[],
  kept: readonly Fact[],
): readonly Fact[] {
  if (kept.length === 0) return stored;
  const known = new Set(stored.map(({ id }) => id));
  return [...stored, ...kept.filter(({ id }) => !known.has(id))];
}

type Reach = {
  readonly touched: readonly Session[];
  readonly days: readonly string[];
  readonly allDays: readonly string[];
};

/** The sessions of days that came in besides, where they are not among those touched. */
async function loadOthers(tx: Tx, source: Source, { touched, days, allDays }: Reach): Promise<readonly Session[]> {
  const others = allDays.filter((day) => !days.includes(day));
  if (others.length === 0) return [];
  const known = new Set(touched.map(({ spans }) => spans.sessionId));
  const sessionIds = await loadSessionIds(tx, source, others);
  return loadSessions(
    tx,
    source,
    sessionIds.filter((sessionId) => !known.has(sessionId)),
  );
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

type DayRows = Source & {
  readonly days: readonly string[];
  readonly goalMinutes: number;
  readonly events: readonly StudyEvent[];
  readonly sessions: readonly Session[];
};

async function saveDays(tx: Tx, { userId, kept, days, goalMinutes, events, sessions }: DayRows): Promise<void> {
  const stored = await listAttemptsOfDays(tx, userId, { days, ranges: rangesOf(days) });
  const attempts = withKept(stored, kept.attempts);
  const goals = await listGoals(tx, userId, days);
  const spansOf = new Map(sessions.map(({ spans }) => [spans.sessionId, spans]));
  const eventsOf = Map.groupBy(events, (event) => event.studyDay);
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.studyDay);
  const daily: DerivedRow[] = [];
  const topicDays: DerivedRow[] = [];
  for (const studyDay of days) {
    const ofDay = eventsOf.get(studyDay);
    if (ofDay === undefined) continue; // a session that began on this day begins on another now
    const present = distinct(ofDay.map((event) => event.sessionId));
    const facts = {
      studyDay,
      events: ofDay,
      attempts: attemptsOf.get(studyDay) ?? [],
      sessions: present.flatMap((sessionId) => spansOf.get(sessionId) ?? []),
    };
    daily.push(dailyRow(userId, computeDailyStats({ ...facts, goalMinutes: goals.get(studyDay) ?? goalMinutes })));
    const topicIds = distinct(ofDay.flatMap(({ topicId }) => (topicId === null ? [] : [topicId])));
    topicDays.push(...topicIds.map((topicId) => topicDayRow(userId, computeTopicDay({ ...facts, topicId }))));
  }
  await saveDailyStats(tx, daily);
  await saveTopicDays(tx, topicDays);
}

function dailyRow(userId: string, stats: DailyStats): DerivedRow {
  return {
    user_id: userId,
    stat_date: stats.studyDay,
    sessions: stats.sessions,
    total_seconds: stats.totalSeconds,
    active_seconds: stats.activeSeconds,
    longest_session_seconds: stats.longestSessionSeconds,
    materials_viewed: stats.materialsViewed,
    materials_completed: stats.materialsCompleted,
    chunks_read: stats.chunksRead,
    unique_topics: stats.uniqueTopics,
    questions_attempted: stats.questionsAttempted,
    questions_correct: stats.questionsCorrect,
    first_attempts: stats.firstAttempts,
    first_attempts_correct: stats.firstAttemptsCorrect,
    accuracy: stats.accuracy,
    mean_response_seconds: stats.meanResponseSeconds,
    ai_questions: stats.aiQuestions,
    hints: stats.hints,
    feedback: stats.feedback,
    xp_earned: stats.xpEarned,
    achievements: stats.achievements,
    goal_minutes: stats.goalMinutes,
    goal_met: stats.goalMet,
    as_of: stats.studyDay,
  };
}

function topicDayRow(userId: string, stats: TopicDayStats): DerivedRow {
  const { topicId, studyDay, seconds, materialsViewed, questionsAttempted, questionsCorrect, accuracy } = stats;
  return {
    user_id: userId,
    topic_id: topicId,
    stat_date: studyDay,
    seconds,
    materials_viewed: materialsViewed,
    questions_attempted: questionsAttempted,
    questions_correct: questionsCorrect,
    accuracy,
    as_of: studyDay,
  };
}

/** The UTC ranges that cover the given study days, joined where less than a month lies between: a call for each costs more. */
function rangesOf(days: readonly string[]): readonly TimeRange[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const range of days.map(utcRangeOfStudyDay).sort((a, b) => a.fromMs - b.fromMs)) {
    const last = ranges.at(-1);
    if (last === undefined || range.fromMs > last.toMs + JOINED_WITHIN_MS) ranges.push({ ...range });
    else last.toMs = Math.max(last.toMs, range.toMs);
  }
  return ranges;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
