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
  listEventsOfDays,
  listEventsOfSessions,
  listKeptFacts,
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

type Sessions = { readonly events: readonly StudyEvent[]; readonly spans: readonly SessionSpans[] };

type Source = { readonly userId: string; readonly kept: KeptFacts };

export async function rollUpDays(tx: Tx, { userId, boundary, ...input }: RollUpInput): Promise<RollUp> {
  const openFrom = boundary === null ? null : firstOpenDay(boundary);
  const openDays = (days: readonly string[]): readonly string[] =>
    distinct(openFrom === null ? days : days.filter((day) => day >= openFrom));
  const days = openDays(input.days);
  if (days.length === 0) return { days: [], events: [] };
  const source = { userId, kept: boundary === null ? nothingKept : await listKeptFacts(tx, userId) };
  const touched = await loadSessions(tx, source, await loadEvents(tx, source, days));
  const storedDays = await listSessionDays(
    tx,
    userId,
    touched.spans.map(({ sessionId }) => sessionId),
  );
  await saveSessionTimes(
    tx,
    userId,
    touched.spans.map((spans) => sessionTimes(spans, touched.events)),
  );
  const allDays = openDays([...days, ...neighbourDays(touched, new Set(days)), ...movedSessions(touched, storedDays)]);
  const events = await loadEvents(tx, source, allDays);
  const sessions = allDays.length === days.length ? touched : await loadSessions(tx, source, events);
  await saveDays(tx, { ...source, days: allDays, goalMinutes: input.goalMinutes, events, sessions: sessions.spans });
  return { days: allDays, events };
}

const nothingKept: KeptFacts = { events: [], attempts: [] };

async function loadEvents(tx: Tx, { userId, kept }: Source, days: readonly string[]): Promise<readonly StudyEvent[]> {
  const stored = await listEventsOfDays(tx, userId, { days, ranges: rangesOf(days) });
  return withKept(
    stored,
    kept.events.filter((event) => days.includes(event.studyDay)),
  );
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

async function loadSessions(tx: Tx, { userId, kept }: Source, events: readonly StudyEvent[]): Promise<Sessions> {
  const sessionIds = new Set(distinct(events.map((event) => event.sessionId)));
  const all = withKept(
    await listEventsOfSessions(tx, userId, [...sessionIds]),
    kept.events.filter((event) => sessionIds.has(event.sessionId)),
  );
  return { events: all, spans: [...Map.groupBy(all, (event) => event.sessionId).values()].map(sessionSpans) };
}

// An event ends the interval of the event before it in its session, which may belong to another study day.
function neighbourDays({ events }: Sessions, days: ReadonlySet<string>): readonly string[] {
  return [...Map.groupBy(events, (event) => event.sessionId).values()].flatMap((session) => {
    const ordered = session.toSorted(compareCanonical);
    return ordered.flatMap((event, index) => {
      const next = ordered[index + 1];
      return next !== undefined && days.has(next.studyDay) ? [event.studyDay] : [];
    });
  });
}

/** The day a session counts on now, and the one it counted on before. */
function movedSessions({ spans }: Sessions, storedDays: ReadonlyMap<string, string>): readonly string[] {
  return spans.flatMap(({ sessionId, firstStudyDay }) => [firstStudyDay, storedDays.get(sessionId) ?? firstStudyDay]);
}

type DayRows = Source & {
  readonly days: readonly string[];
  readonly goalMinutes: number;
  readonly events: readonly StudyEvent[];
  readonly sessions: readonly SessionSpans[];
};

async function saveDays(tx: Tx, { userId, kept, days, goalMinutes, events, sessions }: DayRows): Promise<void> {
  const stored = await listAttemptsOfDays(tx, userId, { days, ranges: rangesOf(days) });
  const attempts = withKept(stored, kept.attempts);
  const goals = await listGoals(tx, userId, days);
  const daily: DerivedRow[] = [];
  const topicDays: DerivedRow[] = [];
  for (const studyDay of days) {
    const ofDay = events.filter((event) => event.studyDay === studyDay);
    if (ofDay.length === 0) continue; // a session that began on this day begins on another now
    const present = new Set(ofDay.map((event) => event.sessionId));
    const facts = {
      studyDay,
      events: ofDay,
      attempts: attempts.filter((attempt) => attempt.studyDay === studyDay),
      sessions: sessions.filter(({ sessionId }) => present.has(sessionId)),
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

/** The UTC ranges that cover the given study days, joined where they meet. */
function rangesOf(days: readonly string[]): readonly TimeRange[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const range of days.map(utcRangeOfStudyDay).sort((a, b) => a.fromMs - b.fromMs)) {
    const last = ranges.at(-1);
    if (last === undefined || range.fromMs > last.toMs) ranges.push({ ...range });
    else last.toMs = Math.max(last.toMs, range.toMs);
  }
  return ranges;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
