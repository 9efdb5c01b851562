// The days of one example learner, as the events that arrive on each of them.
import { addDays } from '@studyin/domain/algorithms';
import type { EventInput } from '@studyin/domain/events';
import { exampleLearner } from './example-learner.ts';
import type { ExampleLearner } from './example-learner.ts';
import { createMemory } from './memory.ts';
import { createRandom } from './random.ts';
import { writeSession } from './session-writer.ts';
import type { SessionWriter } from './session-writer.ts';
import { studyTopic } from './study-block.ts';
import type { Studying } from './study-block.ts';
import type { StudyTopic } from './study-topics.ts';
import { createZonedClock } from './zoned-time.ts';
import type { ZonedClock } from './zoned-time.ts';

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
const REPEATED = 0.004;
const TOPICS_BEGUN_A_DAY = 0.35;

/** Learners of another end or length are other people: their histories must not mix. */
export function simulatedLearner(options: SimulationOptions, index: number): ExampleLearner {
  return exampleLearner(options.topics, { seed: seedOf(options), index });
}

/** One learner's days, from the first to `end`. The same options and index give the same events. */
export function* simulateLearner(options: SimulationOptions, index: number): Generator<SimulatedDay, void> {
  const { end, days } = options;
  const learner = simulatedLearner(options, index);
  const random = createRandom(`${seedOf(options)}/days/${index}`);
  const endMs = Date.parse(`${end}T00:00:00Z`) + DAY_MS;
  const course: Course = {
    studying: { learner, memory: createMemory(learner.abilityOf), random, chunksRead: new Map(), xp: { total: 0 } },
    clock: createZonedClock(),
    endMs,
    progress: { sessions: 0, freeFromMs: 0, streakDays: 0, lastActiveDay: '' },
  };
  const late = new Map<number, EventInput[]>();
  for (let day = 0; day < days; day += 1) {
    const studyDay = addDays(end, day + 1 - days);
    const arriving = [...(late.get(day) ?? [])];
    for (const events of studyOneDay(course, { studyDay, day, days })) {
      const isOffline = random.chance(learner.habits.offline);
      const arrivesOn = isOffline ? Math.min(days - 1, day + random.int(1, 3)) : day;
      if (arrivesOn === day) arriving.push(...events);
      else late.set(arrivesOn, [...(late.get(arrivesOn) ?? []), ...events]);
    }
    yield { studyDay, events: withRepetitions(arriving, random) };
  }
}

function seedOf({ seed, end, days }: SimulationOptions): string {
  return `${seed}/${end}/${days}`;
}

type Course = {
  readonly studying: Studying;
  readonly clock: ZonedClock;
  readonly endMs: number;
  readonly progress: { sessions: number; freeFromMs: number; streakDays: number; lastActiveDay: string };
};

type Day = { readonly studyDay: string; readonly day: number; readonly days: number };

/** The sessions of a day, one list of events for each. */
function studyOneDay(course: Course, { studyDay, day, days }: Day): readonly (readonly EventInput[])[] {
  const { studying, progress } = course;
  const { learner, random } = studying;
  const { habits } = learner;
  const weekday = (new Date(`${studyDay}T00:00:00Z`).getUTCDay() + 6) % 7;
  const isAway = day >= days * habits.staysFor;
  const isActive = random.chance(habits.activeOn[weekday] ?? 0);
  // Everybody studies on their first day: that is what makes them learners.
  if (day > 0 && (!isActive || isAway)) return [];
  progress.streakDays = progress.lastActiveDay === addDays(studyDay, -1) ? progress.streakDays + 1 : 1;
  progress.lastActiveDay = studyDay;
  const begun = Math.min(learner.topics.length, 3 + Math.floor(day * TOPICS_BEGUN_A_DAY));
  const known = learner.topics.slice(0, begun);
  const first = studyOneSession(course, { studyDay, known, minute: random.normal(habits.usualMinute, 60) });
  if (!random.chance(habits.secondSession)) return [first];
  return [first, studyOneSession(course, { studyDay, known, minute: habits.usualMinute + random.int(90, 240) })];
}

type SessionPlan = { readonly studyDay: string; readonly known: readonly StudyTopic[]; readonly minute: number };

function studyOneSession(
  { studying, clock, endMs, progress }: Course,
  { studyDay, known, minute }: SessionPlan,
): readonly EventInput[] {
  const { learner, random } = studying;
  const wallMs = clock(studyDay, Math.max(5, Math.min(1_430, minute)), learner.timezone);
  const startMs = Math.max(Math.round(wallMs) + random.int(0, 59_999), progress.freeFromMs);
  const session = writeSession(learner, { number: progress.sessions, startMs, endMs });
  progress.sessions += 1;
  session.add({ eventType: 'session_start', properties: { deviceType: learner.deviceType } });
  session.wait(random.int(2, 20));
  if (progress.streakDays > 1) {
    session.add({ eventType: 'streak_continued', properties: { streakDays: progress.streakDays } });
  }
  if (random.chance(0.12)) search(session, studying);
  const blocks = random.int(1, learner.habits.blocks);
  for (let block = 0; block < blocks; block += 1) {
    if (block > 0 && random.chance(0.25)) pause(session, studying);
    // Mostly what was begun last, now and then something older.
    const topic = random.chance(0.6) ? random.pick(known.slice(-4)) : random.pick(known);
    studyTopic(studying, session, topic);
  }
  session.wait(random.int(1, 30));
  if (random.chance(0.85)) session.add({ eventType: 'session_end', properties: { endReason: 'learner' } });
  progress.freeFromMs = session.nowMs() + 60_000;
  return session.events;
}

function search(session: SessionWriter, { random }: Studying): void {
  session.add({ eventType: 'search_performed', properties: { resultCount: random.int(0, 40), resultKind: 'all' } });
  session.wait(random.int(3, 20));
  if (!random.chance(0.5)) return;
  session.add({ eventType: 'related_content_clicked', properties: { position: random.int(0, 5) } });
}

function pause(session: SessionWriter, { random }: Studying): void {
  session.add({
    eventType: 'session_pause',
    properties: { pauseReason: random.pick(['learner', 'idle', 'hidden'] as const) },
  });
  session.wait(random.int(60, 900));
  session.add({ eventType: 'session_resume', properties: {} });
  session.wait(random.int(1, 5));
}

/** A sender that got no answer sends again. */
function withRepetitions(
  events: readonly EventInput[],
  random: ReturnType<typeof createRandom>,
): readonly EventInput[] {
  return events.flatMap((event) => (random.chance(REPEATED) ? [event, event] : [event]));
}
