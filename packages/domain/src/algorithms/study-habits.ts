// What the analytics of a learner's habits are computed from, and how they say that something is not known yet.
import type { WallClock } from './study-day.ts';

/** An answer of the period. */
export type HabitAnswer = {
  readonly atMs: number;
  readonly studyDay: string;
  readonly sessionId: string;
  readonly isCorrect: boolean;
  readonly seconds: number;
};

/** A session of the period, or one that began before it and reached into it. */
export type HabitSession = {
  readonly id: string;
  readonly startedAtMs: number;
  /** Null until the session's times are computed. */
  readonly studyDay: string | null;
  readonly durationSeconds: number;
  /** The zone that its events named; null where they named none. */
  readonly timezone: string | null;
};

/** A study day of the period on which something happened. */
export type HabitDay = {
  readonly studyDay: string;
  readonly totalSeconds: number;
  readonly activeSeconds: number;
  readonly questionsAttempted: number;
  readonly goalMet: boolean;
};

/** Why a figure is null: there is less of something than the figure needs. */
export type Missing<Figure extends string, Needed extends string> = {
  readonly figure: Figure;
  readonly needed: Needed;
  readonly have: number;
  readonly need: number;
};

/** Reads the wall clock where the learner was: in the zone of the session, else in that of their settings. */
export type LocalClock = (at: { readonly atMs: number; readonly sessionId: string }) => WallClock;

/** The least that an accuracy is told from: so many answers, in so many groups (days or sessions). */
export const ENOUGH_ANSWERS = 30;
export const ENOUGH_GROUPS = 5;

/** The local clock of a learner whose settings name `timezone`, from the sessions of the period. */
export function localClockOf(
  { sessions, timezone }: { readonly sessions: readonly HabitSession[]; readonly timezone: string },
  readClock: (atMs: number, timezone: string) => WallClock,
): LocalClock {
  const zones = new Map(sessions.map((session) => [session.id, session.timezone]));
  return ({ atMs, sessionId }) => readClock(atMs, zones.get(sessionId) ?? timezone);
}
