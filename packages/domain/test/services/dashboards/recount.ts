// The dashboards' numbers once more, counted from the facts in plain loops. It shares no function with the product: not the
// calendar, not the union of intervals, not one line of SQL but two that read facts whole.
import type { Database } from '@studyin/domain/database';

export type FactEvent = {
  readonly id: string;
  readonly atMs: number;
  readonly day: string;
  readonly sessionId: string;
  readonly type: string;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly topicId: string | null;
  readonly timezone: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
};

export type FactAnswer = {
  readonly id: string;
  readonly atMs: number;
  readonly day: string;
  readonly sessionId: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly seconds: number;
};

export type Facts = { readonly events: readonly FactEvent[]; readonly answers: readonly FactAnswer[] };

/** All facts of a learner, in canonical order. */
export async function factsOf({ reader }: Database, userId: string): Promise<Facts> {
  const sql = <Row extends object>(text: string): Promise<readonly Row[]> =>
    reader.query<Row>({ name: '', text }, [userId]);
  const events = await sql<FactEvent>(
    `select id, (extract(epoch from created_at) * 1000)::float8 as "atMs", study_day::text as day, session_id as "sessionId",
      event_type as type, material_id as "materialId", chunk_id as "chunkId", topic_id as "topicId", timezone, properties
    from study_events where user_id = $1 order by created_at, id`,
  );
  const answers = await sql<FactAnswer>(
    `select id, (extract(epoch from attempted_at) * 1000)::float8 as "atMs", study_day::text as day, session_id as "sessionId",
      question_id as "questionId", topic_id as "topicId", is_correct as "isCorrect", time_to_answer_seconds as seconds
    from question_attempts where user_id = $1 order by attempted_at, id`,
  );
  return { events, answers };
}

type Piece = { readonly fromMs: number; readonly toMs: number; readonly by: FactEvent };

export type RecountedSession = {
  readonly id: string;
  readonly day: string;
  readonly events: readonly FactEvent[];
  readonly activeMs: number;
  readonly totalMs: number;
  readonly active: readonly Piece[];
  readonly total: readonly Piece[];
};

/** Each session with the time that each of its events opens. */
export function sessionsOf({ events }: Facts): readonly RecountedSession[] {
  const bySession = new Map<string, FactEvent[]>();
  for (const event of events) bySession.set(event.sessionId, [...(bySession.get(event.sessionId) ?? []), event]);
  return [...bySession].map(([id, own]) => {
    const active: Piece[] = [];
    const total: Piece[] = [];
    for (let n = 0; n + 1 < own.length; n += 1) {
      const [by, next] = [own[n] as FactEvent, own[n + 1] as FactEvent]; // as: within the list
      if (by.type === 'session_end') continue;
      const gapMs = next.atMs - by.atMs;
      const activeMs = by.type === 'session_pause' ? 0 : Math.min(gapMs, 300_000);
      active.push({ fromMs: by.atMs, toMs: by.atMs + activeMs, by });
      total.push({ fromMs: by.atMs, toMs: by.atMs + (gapMs <= 1_800_000 ? gapMs : activeMs), by });
    }
    const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, one) => sum + one.toMs - one.fromMs, 0);
    const day = own[0]?.day ?? '';
    return { id, day, events: own, active, total, activeMs: lengthOf(active), totalMs: lengthOf(total) };
  });
}

/** Whole seconds in which at least one of the pieces runs: each stretch between two borders is looked at on its own. */
function secondsCovered(pieces: readonly Piece[]): number {
  const borders = [...new Set(pieces.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b);
  let coveredMs = 0;
  for (const [n, fromMs] of borders.entries()) {
    const toMs = borders[n + 1] ?? fromMs;
    if (pieces.some((piece) => piece.fromMs <= fromMs && piece.toMs >= toMs)) coveredMs += toMs - fromMs;
  }
  return Math.round(coveredMs / 1000);
}

export type RecountedDay = {
  readonly day: string;
  readonly activeSeconds: number;
  readonly totalSeconds: number;
  readonly sessions: number;
  readonly questions: number;
  readonly correct: number;
  readonly xp: number;
  readonly topics: ReadonlySet<string>;
  readonly isStreakDay: boolean;
};

/** Each study day on which something happened, oldest first. */
export function daysOf(facts: Facts): readonly RecountedDay[] {
  const sessions = sessionsOf(facts);
  const days = [...new Set(facts.events.map(({ day }) => day))].sort();
  return days.map((day) => {
    const ofDay = facts.events.filter((event) => event.day === day);
    const answers = facts.answers.filter((answer) => answer.day === day);
    const onDay = (piece: Piece): boolean => piece.by.day === day;
    const activeSeconds = secondsCovered(sessions.flatMap(({ active }) => active.filter(onDay)));
    return {
      day,
      activeSeconds,
      totalSeconds: secondsCovered(sessions.flatMap(({ total }) => total.filter(onDay))),
      sessions: sessions.filter((session) => session.day === day).length,
      questions: answers.length,
      correct: answers.filter(({ isCorrect }) => isCorrect).length,
      xp: ofDay.reduce(
        (sum, { type, properties }) => sum + (type === 'xp_earned' ? Number(properties['amount']) : 0),
        0,
      ),
      topics: new Set(ofDay.flatMap(({ topicId }) => topicId ?? [])),
      isStreakDay: answers.length > 0 || activeSeconds >= 300,
    };
  });
}

/** Seconds of a topic on a day: those that the topic's events of the day opened. */
export function topicSeconds(facts: Facts, topicId: string, day: string): number {
  const ofTopic = ({ by }: Piece): boolean => by.topicId === topicId && by.day === day;
  return secondsCovered(sessionsOf(facts).flatMap(({ active }) => active.filter(ofTopic)));
}

/** The first answer to each question. */
export function firstAnswers({ answers }: Facts): readonly FactAnswer[] {
  return answers.filter((answer) => answers.find(({ questionId }) => questionId === answer.questionId) === answer);
}

/** Hour and weekday (1 is Monday) on the wall of a zone, as the platform writes them. */
export function wallClock(atMs: number, timeZone: string): { readonly hour: number; readonly weekday: number } {
  const text = new Date(atMs).toLocaleString('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const [name = '', hour = ''] = text.split(/[^\w]+/);
  return { hour: Number(hour), weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(name) + 1 };
}

/** The first zone that an event of each session named. */
export function zonesOf(facts: Facts): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  for (const { sessionId, timezone } of facts.events) {
    if (timezone !== null && !zones.has(sessionId)) zones.set(sessionId, timezone);
  }
  return zones;
}

/** The day so many days away, by the platform's calendar. */
export function dayAway(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

export const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
export const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
