import { addDays, utcRangeOfStudyDay } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { findSessions } from '../stores/dashboard-session-store.ts';
import type { SessionRow } from '../stores/dashboard-session-store.ts';
import { accuracyOf, latestOf, minutesOf } from './dashboard-units.ts';
import { decodeCursor, encodeCursor, pageOf } from './page-cursor.ts';

export type SessionItem = {
  /** The stored form of the session's id. */
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly lastEventAt: string;
  /** Null until the worker has seen the session. */
  readonly studyDay: string | null;
  readonly durationMinutes: number;
  readonly activeMinutes: number;
  readonly pauses: number;
  readonly materialsViewed: number;
  readonly materialsCompleted: number;
  readonly chunksRead: number;
  readonly questions: number;
  readonly correct: number;
  readonly accuracy: number | null;
  readonly aiInteractions: number;
  readonly xp: number;
  readonly achievements: number;
  readonly deviceType: string | null;
  readonly timezone: string | null;
  readonly isActive: boolean;
  readonly topics: readonly string[];
};

export type SessionList = {
  /** Time of the newest event among the page's sessions; null for an empty page. */
  readonly asOf: string | null;
  readonly sessions: readonly SessionItem[];
  readonly nextCursor: string | null;
};

export type SessionQuery = {
  readonly userId: string;
  readonly today: string;
  readonly days: number;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/**
 * A learner's sessions of the last `days` study days, newest first.
 * Throws `invalid` for a foreign cursor, `not_found` for an unknown learner.
 */
export async function listSessions(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, today, days, limit, cursor }: SessionQuery,
): Promise<SessionList> {
  const fromDay = addDays(today, 1 - days);
  const fromAt = new Date(utcRangeOfStudyDay(fromDay).fromMs);
  const page = { userId, fromDay, fromAt, before: decodeCursor(cursor), limit: limit + 1 };
  const rows = await findSessions(database.reader, page);
  if (rows.length === 0) await requireLearner(database.reader, userId);
  const { items, nextCursor } = pageOf(rows, {
    limit,
    cursorOf: (row) => encodeCursor({ at: new Date(isoOfText(row.startedAt)), id: row.id }),
  });
  return {
    asOf: isoOfText(latestOf(items.map((row) => row.lastEventAt))),
    sessions: items.map(sessionItem),
    nextCursor,
  };
}

function sessionItem(row: SessionRow): SessionItem {
  return {
    sessionId: row.id,
    startedAt: isoOfText(row.startedAt),
    endedAt: isoOfText(row.endedAt),
    lastEventAt: isoOfText(row.lastEventAt),
    studyDay: row.studyDay,
    durationMinutes: minutesOf(row.durationSeconds),
    activeMinutes: minutesOf(row.activeSeconds),
    pauses: row.pauseCount,
    materialsViewed: row.materialsViewed,
    materialsCompleted: row.materialsCompleted,
    chunksRead: row.chunksRead,
    questions: row.questionsAttempted,
    correct: row.questionsCorrect,
    accuracy: accuracyOf(row.questionsCorrect, row.questionsAttempted),
    aiInteractions: row.aiInteractions,
    xp: row.xpEarned,
    achievements: row.achievementsUnlocked,
    deviceType: row.deviceType,
    timezone: row.timezone,
    isActive: row.isActive,
    topics: row.topicsStudied,
  };
}
