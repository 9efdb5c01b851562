// A learner's past of a given number of events, in the order in which they happened: for filling a database, not for sending.
import { addDays } from '@studyin/domain/algorithms';
import type { EventInput } from '@studyin/domain/events';
import { exampleLearner, exampleUserId } from './example-learner.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { weekdayOf } from './simulate-learner.ts';
import { startCourse, studyOneSession } from './study-session.ts';
import type { Course } from './study-session.ts';
import type { StudyTopic } from './study-topics.ts';

export type HistoryOptions = {
  readonly topics: readonly StudyTopic[];
  /** Learners of another seed, end or length are other people. */
  readonly seed: string;
  /** The last study day, 'YYYY-MM-DD'; no event is later than its end in UTC. */
  readonly end: string;
  readonly days: number;
};

export type SimulatedHistory = { readonly userId: string; readonly events: readonly EventInput[] };

const DAY_MS = 86_400_000;
const EVENTS_A_SESSION = 30;

/** Whose history it will be. */
export function historyUserId(options: HistoryOptions, index: number): string {
  return exampleUserId({ seed: seedOf(options), index });
}

/**
 * Exactly `size` events of one learner. They join and leave at times of their own, study when their habits say so, and as often
 * as the number demands. Throws RangeError for more than the days have room for (some 1,000 a day).
 */
export function simulateHistory(
  options: HistoryOptions,
  { index, size }: { readonly index: number; readonly size: number },
): SimulatedHistory {
  const { topics, end, days } = options;
  const seed = seedOf(options);
  const learner = exampleLearner(topics, { seed, index });
  const random = createRandom(`${seed}/history/${index}`);
  const course = startCourse(learner, { random, days, endMs: Date.parse(`${end}T00:00:00Z`) + DAY_MS });
  const plan = planDays(course, random, end);
  const events: EventInput[] = [];
  const made = { sessions: 1, events: EVENTS_A_SESSION };
  for (const [position, { studyDay, day }] of plan.days.entries()) {
    const weightLeft = plan.weightFrom[position] ?? 1;
    const share = (weightLeft - (plan.weightFrom[position + 1] ?? 0)) / weightLeft;
    const sessionsLeft = ((size - events.length) * made.sessions) / made.events;
    // The last days take whatever is left.
    const wanted = position >= plan.days.length - 2 ? Infinity : Math.floor(sessionsLeft * share + random.next());
    const before = events.length;
    for (let n = 0; n < wanted && events.length < size; n += 1) {
      const minute = n === 0 ? random.normal(learner.habits.usualMinute, 60) : 0;
      const session = studyOneSession(course, { studyDay, day, minute, atMost: size - events.length });
      if (session.length === 0) break;
      events.push(...session);
      made.sessions += 1;
      made.events += session.length;
    }
    if (events.length > before) noteActiveDay(course, studyDay);
  }
  if (events.length < size) throw new RangeError(`${days} days have no room for ${size} events of one learner`);
  return { userId: learner.userId, events };
}

function seedOf({ seed, end, days }: HistoryOptions): string {
  return `${seed}/${end}/${days}`;
}

type PlannedDays = {
  readonly days: readonly { readonly studyDay: string; readonly day: number }[];
  /** How likely study is on a day and all days after it. */
  readonly weightFrom: readonly number[];
};

function planDays({ studying, days }: Course, random: Random, end: string): PlannedDays {
  const { habits } = studying.learner;
  const joins = Math.floor(days * 0.6 * random.next());
  const leaves = Math.max(Math.min(days, joins + 3), Math.ceil(joins + (days - joins) * habits.staysFor));
  const planned = Array.from({ length: leaves - joins }, (_, n) => ({
    studyDay: addDays(end, joins + n + 1 - days),
    day: joins + n,
  }));
  const weightFrom: number[] = [];
  let sum = 0;
  for (const { studyDay } of planned.toReversed()) {
    sum += Math.max(0.01, habits.activeOn[weekdayOf(studyDay)] ?? 0);
    weightFrom.push(sum);
  }
  return { days: planned, weightFrom: weightFrom.reverse() };
}

function noteActiveDay({ progress }: Course, studyDay: string): void {
  progress.streakDays = progress.lastActiveDay === addDays(studyDay, -1) ? progress.streakDays + 1 : 1;
  progress.lastActiveDay = studyDay;
}
