// Learning patterns: how regularly a learner studies, at which hours of the week, how answers fare the longer a session lasts,
// and with what kinds of material the time goes.
import { differenceInterval, groupedShare } from './proportion-interval.ts';
import type { GroupedShare } from './proportion-interval.ts';
import { isStreakDay } from './streaks.ts';
import { addDays, createWallClockReader, daysBetween } from './study-day.ts';
import { ENOUGH_ANSWERS, ENOUGH_GROUPS, localClockOf } from './study-habits.ts';
import type { HabitAnswer, HabitDay, HabitSession, LocalClock, Missing } from './study-habits.ts';

const MS_PER_MINUTE = 60_000;
const MINUTES_A_CLASS = 5;
const LAST_CLASS = 12;
const EARLY_MINUTES = 15;
const LATE_MINUTES = 45;

/** Reading of one material, or one chunk of it, in one session. */
export type HabitReading = {
  readonly sessionId: string;
  readonly materialId: string;
  /** Null for a material that the curriculum does not know. */
  readonly kind: string | null;
  readonly seconds: number;
  /** Whether the material as a whole was completed in it. */
  readonly isComplete: boolean;
};

export type PatternFacts = {
  readonly fromDay: string;
  readonly toDay: string;
  /** The learner's first study day ever, from which on a day without study is a day missed; null without one. */
  readonly firstStudyDay: string | null;
  readonly days: readonly HabitDay[];
  readonly sessions: readonly HabitSession[];
  readonly answers: readonly HabitAnswer[];
  readonly readings: readonly HabitReading[];
  /** Of the learner's settings, for sessions that named none. */
  readonly timezone: string;
};

export type Consistency = {
  /** Days of the period since the learner's first study day; the last of them, which is not over, only once it is a streak day. */
  readonly days: number;
  /** Streak days among them. */
  readonly activeDays: number;
  readonly activeShare: number | null;
  readonly goalDays: number;
  /** Most days in a row without a streak day. */
  readonly longestBreakDays: number;
};

/** Columns, one entry for each hour of a week in which something happened, Monday first. */
export type WeekColumns = {
  readonly weekdays: readonly number[];
  readonly hours: readonly number[];
  readonly sessions: readonly number[];
  readonly answers: readonly number[];
  readonly correct: readonly number[];
};

/** Columns, one entry for each five minutes since the session began; the last has no end. */
export type MinuteColumns = {
  readonly fromMinutes: readonly number[];
  readonly answers: readonly number[];
  readonly correct: readonly number[];
  readonly accuracy: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
};

/** Accuracy from the 45th minute of a session on, against that before the 15th. */
export type LateChange = {
  readonly early: number;
  readonly late: number;
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly isClear: boolean;
};

/** Columns, one entry for each kind, most read first; null is the kind of a material that the curriculum does not know. */
export type KindColumns = {
  readonly kinds: readonly (string | null)[];
  readonly seconds: readonly number[];
  readonly shares: readonly (number | null)[];
  readonly materials: readonly number[];
  readonly completed: readonly number[];
};

export type PatternMissing = Missing<'consistency' | 'lateChange' | 'materialKinds', 'days' | 'answers' | 'materials'>;

export type LearningPatterns = {
  readonly consistency: Consistency;
  readonly week: WeekColumns;
  readonly minutes: MinuteColumns;
  readonly lateChange: LateChange | null;
  readonly kinds: KindColumns;
  readonly insufficient: readonly PatternMissing[];
};

/**
 * A learner's patterns in a period.
 * Formula: consistency = streak days / days since the first study day, within the period; minute = whole minutes from the first
 * event of the session to the answer, pauses included; accuracies with `groupedShare`, answers grouped by session; late change
 * by `differenceInterval`.
 * Symbols: weekdays 1 (Monday) to 7 and hours 0 to 23 on the learner's wall clock, a session's own zone before that of the
 * settings.
 * Edge cases: an accuracy is null under 30 answers in 5 sessions, the late change where either side is; an answer whose session
 * is not given counts in the week and in no minute; a session that began before the period counts no start. O(n log n).
 */
export function computePatterns(facts: PatternFacts): LearningPatterns {
  const sessions = facts.sessions.filter(({ studyDay }) => studyDay !== null && studyDay >= facts.fromDay);
  const clockOf = localClockOf(facts, createWallClockReader());
  const consistency = consistencyOf(facts);
  const placed = placeInSessions(facts);
  const [early, late] = [
    placed.filter(({ minute }) => minute < EARLY_MINUTES),
    placed.filter(({ minute }) => minute >= LATE_MINUTES),
  ];
  const kinds = kindColumns(facts.readings);
  const missing: readonly PatternMissing[] = [
    { figure: 'consistency', needed: 'days', have: consistency.days, need: 1 },
    {
      figure: 'lateChange',
      needed: 'answers',
      have: Math.min(enoughOf(early), enoughOf(late)),
      need: ENOUGH_ANSWERS,
    },
    { figure: 'materialKinds', needed: 'materials', have: kinds.kinds.length, need: 1 },
  ];
  return {
    consistency,
    week: weekColumns(clockOf, { sessions, answers: facts.answers }),
    minutes: minuteColumns(placed),
    lateChange: lateChange(shareBySession(early), shareBySession(late)),
    kinds,
    insufficient: missing.filter(({ have, need }) => have < need),
  };
}

function consistencyOf({ fromDay, toDay, firstStudyDay, days }: PatternFacts): Consistency {
  if (firstStudyDay === null || firstStudyDay > toDay) {
    return { days: 0, activeDays: 0, activeShare: null, goalDays: 0, longestBreakDays: 0 };
  }
  const from = firstStudyDay > fromDay ? firstStudyDay : fromDay;
  const active = new Set(days.filter(isStreakDay).map(({ studyDay }) => studyDay));
  // The last day is not over: it counts once it is a streak day.
  const length = daysBetween(from, toDay) + (active.has(toDay) ? 1 : 0);
  let longestBreakDays = 0;
  for (let day = from, missed = 0; day < toDay; day = addDays(day, 1)) {
    missed = active.has(day) ? 0 : missed + 1;
    longestBreakDays = Math.max(longestBreakDays, missed);
  }
  return {
    days: length,
    activeDays: active.size,
    activeShare: length === 0 ? null : active.size / length,
    goalDays: days.filter(({ goalMet }) => goalMet).length,
    longestBreakDays,
  };
}

type Happened = { readonly sessions: readonly HabitSession[]; readonly answers: readonly HabitAnswer[] };

function weekColumns(clockOf: LocalClock, { sessions, answers }: Happened): WeekColumns {
  type Cell = { sessions: number; answers: number; correct: number };
  const cells = new Map<number, Cell>();
  const cellAt = (at: { readonly atMs: number; readonly sessionId: string }): Cell => {
    const { weekday, hour } = clockOf(at);
    const place = weekday * 24 + hour;
    const cell = cells.get(place) ?? { sessions: 0, answers: 0, correct: 0 };
    cells.set(place, cell);
    return cell;
  };
  for (const { id, startedAtMs } of sessions) cellAt({ atMs: startedAtMs, sessionId: id }).sessions += 1;
  for (const answer of answers) {
    const cell = cellAt(answer);
    cell.answers += 1;
    if (answer.isCorrect) cell.correct += 1;
  }
  const ordered = [...cells].sort(([a], [b]) => a - b);
  return {
    weekdays: ordered.map(([place]) => Math.floor(place / 24)),
    hours: ordered.map(([place]) => place % 24),
    sessions: ordered.map(([, cell]) => cell.sessions),
    answers: ordered.map(([, cell]) => cell.answers),
    correct: ordered.map(([, cell]) => cell.correct),
  };
}

type PlacedAnswer = { readonly minute: number; readonly sessionId: string; readonly isCorrect: boolean };

function placeInSessions({ sessions, answers }: PatternFacts): readonly PlacedAnswer[] {
  const startOf = new Map(sessions.map(({ id, startedAtMs }) => [id, startedAtMs]));
  return answers.flatMap(({ atMs, sessionId, isCorrect }) => {
    const startedAtMs = startOf.get(sessionId);
    return startedAtMs === undefined
      ? []
      : [{ minute: Math.floor((atMs - startedAtMs) / MS_PER_MINUTE), sessionId, isCorrect }];
  });
}

function minuteColumns(placed: readonly PlacedAnswer[]): MinuteColumns {
  const classes = Array.from({ length: LAST_CLASS + 1 }, (_, index) => index);
  const answersOf = Map.groupBy(placed, ({ minute }) => Math.min(LAST_CLASS, Math.floor(minute / MINUTES_A_CLASS)));
  const rows = classes.map((index) => answersOf.get(index) ?? []);
  const shares = rows.map(shareBySession);
  return {
    fromMinutes: classes.map((index) => index * MINUTES_A_CLASS),
    answers: rows.map((own) => own.length),
    correct: rows.map((own) => own.filter(({ isCorrect }) => isCorrect).length),
    accuracy: shares.map((share) => share?.share ?? null),
    lower: shares.map((share) => share?.lower ?? null),
    upper: shares.map((share) => share?.upper ?? null),
  };
}

/** Null where the answers, or the sessions they are of, are too few. */
function shareBySession(answers: readonly PlacedAnswer[]): GroupedShare | null {
  const sessions = Map.groupBy(answers, ({ sessionId }) => sessionId);
  if (answers.length < ENOUGH_ANSWERS || sessions.size < ENOUGH_GROUPS) return null;
  return groupedShare(
    [...sessions.values()].map((own) => ({
      answers: own.length,
      correct: own.filter(({ isCorrect }) => isCorrect).length,
    })),
  );
}

/** Answers that count towards an accuracy: as many as there are, but none while they are of too few sessions. */
function enoughOf(answers: readonly PlacedAnswer[]): number {
  return new Set(answers.map(({ sessionId }) => sessionId)).size < ENOUGH_GROUPS ? 0 : answers.length;
}

function lateChange(early: GroupedShare | null, late: GroupedShare | null): LateChange | null {
  if (early === null || late === null) return null;
  const { difference, lower, upper } = differenceInterval(late, early);
  return { early: early.share, late: late.share, difference, lower, upper, isClear: lower > 0 || upper < 0 };
}

function kindColumns(readings: readonly HabitReading[]): KindColumns {
  const total = readings.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = [...Map.groupBy(readings, ({ kind }) => kind)]
    .map(([kind, own]) => ({
      kind,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      materials: new Set(own.map(({ materialId }) => materialId)).size,
      completed: new Set(own.filter(({ isComplete }) => isComplete).map(({ materialId }) => materialId)).size,
    }))
    .sort((a, b) => b.seconds - a.seconds || ((a.kind ?? '') < (b.kind ?? '') ? -1 : 1));
  return {
    kinds: rows.map(({ kind }) => kind),
    seconds: rows.map(({ seconds }) => seconds),
    shares: rows.map(({ seconds }) => (total === 0 ? null : seconds / total)),
    materials: rows.map(({ materials }) => materials),
    completed: rows.map(({ completed }) => completed),
  };
}
