// Study efficiency: how much of the time is active, how long sessions last, how fast answers come, and at which hour they are
// right most often.
import { differenceInterval, groupedShare } from './proportion-interval.ts';
import type { AnswerGroup, GroupedShare } from './proportion-interval.ts';
import { quartilesOf } from './quartiles.ts';
import type { Quartiles } from './quartiles.ts';
import { createWallClockReader } from './study-day.ts';
import { ENOUGH_ANSWERS, ENOUGH_GROUPS, localClockOf } from './study-habits.ts';
import type { HabitAnswer, HabitDay, HabitSession, Missing } from './study-habits.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const ENOUGH_SESSIONS = 5;
const ENOUGH_PACED_ANSWERS = 10;
const ENOUGH_ACTIVE_MINUTES = 30;
const ENOUGH_HOURS = 2;
const CONFIDENCE = 0.95;
/** Where the classes of session lengths begin, in minutes. */
const LENGTH_CLASSES = [0, 5, 15, 30, 60, 120] as const;

export type EfficiencyFacts = {
  /** The first study day of the period; sessions before it lend their zone and are not counted. */
  readonly fromDay: string;
  readonly days: readonly HabitDay[];
  readonly sessions: readonly HabitSession[];
  readonly answers: readonly HabitAnswer[];
  /** Of the learner's settings, for sessions that named none. */
  readonly timezone: string;
};

/** Columns, one entry for each hour of the day. An accuracy is null where the answers are too few to tell. */
export type HourColumns = {
  readonly hours: readonly number[];
  readonly answers: readonly number[];
  readonly correct: readonly number[];
  readonly accuracy: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
};

export type BestHour = {
  readonly hour: number;
  readonly answers: number;
  readonly accuracy: number;
  readonly lower: number;
  readonly upper: number;
  /** Accuracy of this hour less that of all other hours, with its interval. */
  readonly difference: number;
  readonly differenceLower: number;
  readonly differenceUpper: number;
  /** Whether the interval of the difference lies above 0; else the hour is no better than chance would make one of them. */
  readonly isClear: boolean;
};

export type EfficiencyMissing = Missing<
  'activeShare' | 'sessionLength' | 'answerSeconds' | 'answersPerActiveHour' | 'bestHour',
  'seconds' | 'sessions' | 'answers' | 'active_minutes' | 'hours'
>;

export type StudyEfficiency = {
  readonly totalSeconds: number;
  readonly activeSeconds: number;
  readonly activeShare: number | null;
  readonly sessions: number;
  readonly sessionSeconds: Quartiles | null;
  readonly sessionLengths: { readonly fromMinutes: readonly number[]; readonly sessions: readonly number[] };
  readonly answers: number;
  readonly answerSeconds: Quartiles | null;
  readonly answersPerActiveHour: number | null;
  readonly hours: HourColumns;
  readonly bestHour: BestHour | null;
  readonly insufficient: readonly EfficiencyMissing[];
};

/**
 * A learner's efficiency in a period.
 * Formula: active share = active / total seconds of the days; answers per active hour = answers / active hours, both of the days;
 * quartiles by linear interpolation; an hour's accuracy with `groupedShare`, its answers grouped by study day; the best hour is
 * the one with the highest lower bound, compared with all other answers by `differenceInterval` at a confidence of
 * 1 − 0.05 / k, k the hours that had a chance to be it (Bonferroni).
 * Symbols: shares in [0, 1]; hours 0 to 23 on the learner's wall clock, a session's own zone before that of the settings.
 * Edge cases: a figure without enough behind it is null and named in `insufficient`: session quartiles from 5 sessions on,
 * seconds an answer from 10 answers, answers an hour from 30 active minutes, an hour's accuracy from 30 answers on 5 study days,
 * a best hour where two hours have that. Of two equal hours the earlier is taken. O(n log n).
 */
export function computeEfficiency(facts: EfficiencyFacts): StudyEfficiency {
  const totalSeconds = sumOf(facts.days, (day) => day.totalSeconds);
  const activeSeconds = sumOf(facts.days, (day) => day.activeSeconds);
  const lengths = facts.sessions.flatMap(({ studyDay, durationSeconds }) =>
    studyDay !== null && studyDay >= facts.fromDay ? [durationSeconds] : [],
  );
  const { answers } = facts;
  const byHour = hourShares(facts);
  const enoughHours = byHour.filter((hour) => hour.share !== null).length;
  const answered = sumOf(facts.days, (day) => day.questionsAttempted);
  const hasPace = activeSeconds >= ENOUGH_ACTIVE_MINUTES * 60;
  return {
    totalSeconds,
    activeSeconds,
    activeShare: totalSeconds === 0 ? null : activeSeconds / totalSeconds,
    sessions: lengths.length,
    sessionSeconds: lengths.length < ENOUGH_SESSIONS ? null : quartilesOf(lengths),
    sessionLengths: lengthClasses(lengths),
    answers: answers.length,
    answerSeconds: answers.length < ENOUGH_PACED_ANSWERS ? null : quartilesOf(answers.map(({ seconds }) => seconds)),
    answersPerActiveHour: hasPace ? answered / (activeSeconds / 3600) : null,
    hours: hourColumns(byHour),
    bestHour: enoughHours < ENOUGH_HOURS ? null : bestHour(byHour, answers),
    insufficient: missingOf({
      activeShare: { needed: 'seconds', have: totalSeconds, need: 1 },
      sessionLength: { needed: 'sessions', have: lengths.length, need: ENOUGH_SESSIONS },
      answerSeconds: { needed: 'answers', have: answers.length, need: ENOUGH_PACED_ANSWERS },
      answersPerActiveHour: {
        needed: 'active_minutes',
        have: Math.floor(activeSeconds / 60),
        need: ENOUGH_ACTIVE_MINUTES,
      },
      bestHour: { needed: 'hours', have: enoughHours, need: ENOUGH_HOURS },
    }),
  };
}

type Need = Omit<EfficiencyMissing, 'figure'>;

function missingOf(needs: Readonly<Record<EfficiencyMissing['figure'], Need>>): readonly EfficiencyMissing[] {
  // as: the keys of a literal
  return (Object.keys(needs) as EfficiencyMissing['figure'][])
    .map((figure) => ({ figure, ...needs[figure] }))
    .filter(({ have, need }) => have < need);
}

function lengthClasses(lengths: readonly number[]): StudyEfficiency['sessionLengths'] {
  const classOf = (seconds: number): number => LENGTH_CLASSES.findLastIndex((minutes) => seconds >= minutes * 60);
  const counts = LENGTH_CLASSES.map((_, index) => lengths.filter((seconds) => classOf(seconds) === index).length);
  return { fromMinutes: LENGTH_CLASSES, sessions: counts };
}

type Hour = {
  readonly hour: number;
  readonly answers: number;
  readonly correct: number;
  /** The answers of the hour by study day. */
  readonly groups: ReadonlyMap<string, AnswerGroup>;
  /** Null where they are too few. */
  readonly share: GroupedShare | null;
};

function hourShares(facts: EfficiencyFacts): readonly Hour[] {
  const clockOf = localClockOf(facts, createWallClockReader());
  const answersOf = Map.groupBy(facts.answers, (answer) => clockOf(answer).hour);
  return HOURS.map((hour) => {
    const own = answersOf.get(hour) ?? [];
    const groups = groupByDay(own);
    const isEnough = own.length >= ENOUGH_ANSWERS && groups.size >= ENOUGH_GROUPS;
    return {
      hour,
      answers: own.length,
      correct: own.filter(({ isCorrect }) => isCorrect).length,
      groups,
      share: isEnough ? groupedShare([...groups.values()]) : null,
    };
  });
}

function groupByDay(answers: readonly HabitAnswer[]): ReadonlyMap<string, AnswerGroup> {
  const days = Map.groupBy(answers, ({ studyDay }) => studyDay);
  return new Map(
    [...days].map(([day, own]) => [
      day,
      { answers: own.length, correct: own.filter(({ isCorrect }) => isCorrect).length },
    ]),
  );
}

function hourColumns(byHour: readonly Hour[]): HourColumns {
  return {
    hours: HOURS,
    answers: byHour.map(({ answers }) => answers),
    correct: byHour.map(({ correct }) => correct),
    accuracy: byHour.map(({ share }) => share?.share ?? null),
    lower: byHour.map(({ share }) => share?.lower ?? null),
    upper: byHour.map(({ share }) => share?.upper ?? null),
  };
}

function bestHour(byHour: readonly Hour[], answers: readonly HabitAnswer[]): BestHour | null {
  const candidates = byHour.flatMap(({ hour, groups, share }) => (share === null ? [] : [{ hour, groups, share }]));
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const best = others.reduce((a, b) => (b.share.lower > a.share.lower ? b : a), first);
  const confidence = 1 - (1 - CONFIDENCE) / candidates.length;
  const rest = [...groupByDay(answers)].map(([day, all]) => {
    const own = best.groups.get(day) ?? { answers: 0, correct: 0 };
    return { answers: all.answers - own.answers, correct: all.correct - own.correct };
  });
  const [own, others95] = [groupedShare([...best.groups.values()], confidence), groupedShare(rest, confidence)];
  if (own === null || others95 === null) return null;
  const { difference, lower, upper } = differenceInterval(own, others95);
  return {
    hour: best.hour,
    answers: best.share.answers,
    accuracy: best.share.share,
    lower: best.share.lower,
    upper: best.share.upper,
    difference,
    differenceLower: lower,
    differenceUpper: upper,
    isClear: lower > 0,
  };
}

function sumOf<Row>(rows: readonly Row[], valueOf: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + valueOf(row), 0);
}
