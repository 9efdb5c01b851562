// One session of an example learner, from its first event to its last, and what carries over to the next one.
import type { EventInput } from '@studyin/domain/events';
import type { ExampleLearner } from './example-learner.ts';
import { createMemory } from './memory.ts';
import type { Random } from './random.ts';
import { writeSession } from './session-writer.ts';
import type { SessionWriter } from './session-writer.ts';
import { studyTopic } from './study-block.ts';
import type { Studying } from './study-block.ts';
import type { StudyTopic } from './study-topics.ts';
import { createZonedClock } from './zoned-time.ts';
import type { ZonedClock } from './zoned-time.ts';

export type Course = {
  readonly studying: Studying;
  readonly clock: ZonedClock;
  readonly days: number;
  /** No event at this instant or later. */
  readonly endMs: number;
  readonly progress: { sessions: number; freeFromMs: number; streakDays: number; lastActiveDay: string };
};

export type CourseStart = { readonly random: Random; readonly days: number; readonly endMs: number };

export function startCourse(learner: ExampleLearner, { random, days, endMs }: CourseStart): Course {
  return {
    studying: { learner, memory: createMemory(learner.abilityOf), random, chunksRead: new Map(), xp: { total: 0 } },
    clock: createZonedClock(),
    days,
    endMs,
    progress: { sessions: 0, freeFromMs: 0, streakDays: 0, lastActiveDay: '' },
  };
}

export type SessionPlan = {
  readonly studyDay: string;
  /** Which day of the course it is. */
  readonly day: number;
  /** Minute of the day on the learner's own clock. */
  readonly minute: number;
  /** Events at most; then it breaks off. */
  readonly atMost?: number;
};

const TOPICS_BEGUN_A_DAY = 0.35;

/** The session's events in the order in which they happen. A learner does one thing at a time: it begins after the one before. */
export function studyOneSession(
  { studying, clock, days, endMs, progress }: Course,
  { studyDay, day, minute, atMost = Infinity }: SessionPlan,
): readonly EventInput[] {
  const { learner, random } = studying;
  const timezone = learner.timezoneAt(day / days);
  const wallMs = clock(studyDay, Math.max(5, Math.min(1_430, minute)), timezone);
  const startMs = Math.max(Math.round(wallMs) + random.int(0, 59_999), progress.freeFromMs);
  const session = writeSession(learner, { number: progress.sessions, timezone, startMs, endMs, atMost });
  progress.sessions += 1;
  session.add({ eventType: 'session_start', properties: { deviceType: learner.deviceType } });
  session.wait(random.int(2, 20));
  if (progress.streakDays > 1) {
    session.add({ eventType: 'streak_continued', properties: { streakDays: progress.streakDays } });
  }
  if (random.chance(0.12)) search(session, studying);
  studyTopics(studying, session, learner.topics.slice(0, 3 + Math.floor(day * TOPICS_BEGUN_A_DAY)));
  session.wait(random.int(1, 30));
  if (random.chance(0.85)) session.add({ eventType: 'session_end', properties: { endReason: 'learner' } });
  progress.freeFromMs = session.nowMs() + 60_000;
  return session.events;
}

function studyTopics(studying: Studying, session: SessionWriter, known: readonly StudyTopic[]): void {
  const { learner, random } = studying;
  const blocks = random.int(1, learner.habits.blocks);
  for (let block = 0; block < blocks; block += 1) {
    if (block > 0 && random.chance(0.25)) pause(session, studying);
    // Mostly what was begun last, now and then something older.
    const topic = random.chance(0.6) ? random.pick(known.slice(-4)) : random.pick(known);
    studyTopic(studying, session, topic);
  }
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
