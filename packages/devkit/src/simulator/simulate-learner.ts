// The days of one example learner, as the events that arrive on each of them.
import { addDays } from '@studyin/domain/algorithms';
import type { EventInput } from '@studyin/domain/events';
import { createArrivals } from './arrivals.ts';
import { exampleLearner } from './example-learner.ts';
import type { ExampleLearner } from './example-learner.ts';
import type { Truth } from './memory.ts';
import { createRandom } from './random.ts';
import { startCourse, studyOneSession } from './study-session.ts';
import type { Course } from './study-session.ts';
import type { StudyTopic } from './study-topics.ts';

export type SimulationOptions = {
  readonly topics: readonly StudyTopic[];
  readonly seed: number;
  /** The last study day, 'YYYY-MM-DD'; no event is later than its end in UTC. */
  readonly end: string;
  readonly days: number;
};

export type SimulatedDay = {
  readonly studyDay: string;
  /** In the order of arrival: some arrive days after they happened, some twice. Empty on a day off. */
  readonly events: readonly EventInput[];
};

const DAY_MS = 86_400_000;

/** Learners of another end or length are other people: their histories must not mix. */
export function simulatedLearner(options: SimulationOptions, index: number): ExampleLearner {
  return exampleLearner(options.topics, { seed: seedOf(options), index });
}

/** One learner's days, from the first to `end`. The same options and index give the same events. */
export function* simulateLearner(options: SimulationOptions, index: number): Generator<SimulatedDay, void> {
  const arrivals = createArrivals(createRandom(`${seedOf(options)}/arrivals/${index}`), options.days);
  for (const { studyDay, day, sessions } of studyDays(courseOf(options, index), options)) {
    yield { studyDay, events: arrivals.arrive(day, sessions) };
  }
}

/** What a learner of `simulateLearner` truly knew at any time of their days: what estimates are compared with. */
export function simulateTruth(options: SimulationOptions, index: number): Truth {
  const course = courseOf(options, index);
  for (const _ of studyDays(course, options));
  return course.studying.memory;
}

function seedOf({ seed, end, days }: SimulationOptions): string {
  return `${seed}/${end}/${days}`;
}

function courseOf(options: SimulationOptions, index: number): Course {
  const { end, days } = options;
  const random = createRandom(`${seedOf(options)}/days/${index}`);
  const endMs = Date.parse(`${end}T00:00:00Z`) + DAY_MS;
  return startCourse(simulatedLearner(options, index), { random, days, endMs });
}

type StudyDay = {
  readonly studyDay: string;
  readonly day: number;
  readonly sessions: readonly (readonly EventInput[])[];
};

function* studyDays(course: Course, { end, days }: SimulationOptions): Generator<StudyDay, void> {
  for (let day = 0; day < days; day += 1) {
    const studyDay = addDays(end, day + 1 - days);
    yield { studyDay, day, sessions: studyOneDay(course, { studyDay, day }) };
  }
}

/** The sessions of a day, one list of events for each. */
function studyOneDay(
  course: Course,
  { studyDay, day }: { readonly studyDay: string; readonly day: number },
): readonly (readonly EventInput[])[] {
  const { studying, progress, days } = course;
  const { learner, random } = studying;
  const { habits } = learner;
  const isAway = day >= days * habits.staysFor;
  const isActive = random.chance(habits.activeOn[weekdayOf(studyDay)] ?? 0);
  // Everybody studies on their first day: that is what makes them learners.
  if (day > 0 && (!isActive || isAway)) return [];
  progress.streakDays = progress.lastActiveDay === addDays(studyDay, -1) ? progress.streakDays + 1 : 1;
  progress.lastActiveDay = studyDay;
  const first = studyOneSession(course, { studyDay, day, minute: random.normal(habits.usualMinute, 60) });
  if (!random.chance(habits.secondSession)) return [first];
  return [first, studyOneSession(course, { studyDay, day, minute: habits.usualMinute + random.int(90, 240) })];
}

/** 0 is Monday. */
export function weekdayOf(studyDay: string): number {
  return (new Date(`${studyDay}T00:00:00Z`).getUTCDay() + 6) % 7;
}
