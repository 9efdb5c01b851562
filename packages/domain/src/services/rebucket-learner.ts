// Cuts a learner's stored study days anew, on purpose. Nothing else ever moves a stored day.
import type { App } from '../app.ts';
import type { Reader, Tx } from '../database/index.ts';
import { getCurriculum, shareCurriculumVersion } from '../stores/curriculum-store.ts';
import { markDirtyDays } from '../stores/dirty-day-store.ts';
import { lockKnownLearners } from '../stores/learner-store.ts';
import { shareActiveModel } from '../stores/model-store.ts';
import { deleteDerivedDays, findZoneSettings, listDatedEvents, moveStudyDays } from '../stores/rebucket-store.ts';
import type { DatedEvent } from '../stores/rebucket-store.ts';
import { listKeptFacts } from '../stores/study-facts-store.ts';
import { firstOpenDay } from './retention/boundary.ts';
import { updateLocked } from './update-learner.ts';

export type RebucketInput = {
  readonly userId: string;
  /** Only count. */
  readonly dryRun?: boolean;
};

export type Rebucketed = {
  readonly events: number;
  /** Events whose study day is another now, and those of them that are answers. */
  readonly movedEvents: number;
  readonly movedAttempts: number;
};

/**
 * Gives every fact of a learner the study day that their present zone and rollover hour say (an event that named its own zone
 * keeps that zone), and derives their rows anew, in one transaction under their lock. Idempotent. Facts are immutable for the
 * runtime role: `app.database` must be an owner's. Of a learner with a checkpoint facts from its boundary on are moved: what was
 * derived from those before it cannot be cut anew, since they may be gone.
 */
export async function rebucketLearner(
  app: Pick<App, 'database' | 'studyDayAt' | 'scheduler' | 'gapVersion' | 'models'>,
  { userId, dryRun = false }: RebucketInput,
): Promise<Rebucketed> {
  if (dryRun) return countsOf(await findMoves(app, app.database.reader, userId));
  return app.database.transaction(async (tx) => {
    await shareCurriculumVersion(tx);
    const model = await app.models.get(tx, await shareActiveModel(tx));
    const [learner] = await lockKnownLearners(tx, [userId]);
    const moves = await findMoves(app, tx, userId);
    if (learner === undefined || moves.moved.length === 0) return countsOf(moves);
    await moveAll(tx, { userId, boundary: learner.boundary }, moves);
    await updateLocked(app, tx, {
      learners: await lockKnownLearners(tx, [userId]),
      curriculum: await getCurriculum(tx),
      model,
    });
    return countsOf(moves);
  });
}

type Moves = {
  readonly events: readonly DatedEvent[];
  /** With their new study day. */
  readonly moved: readonly DatedEvent[];
};

async function findMoves({ studyDayAt }: Pick<App, 'studyDayAt'>, reader: Reader, userId: string): Promise<Moves> {
  const settings = await findZoneSettings(reader, userId);
  if (settings === null) return { events: [], moved: [] };
  const stored = await listDatedEvents(reader, userId);
  const events = stored.map((event) => ({
    ...event,
    studyDay: studyDayAt(event.atMs, event.timezone ?? settings.timezone, settings.rolloverHour),
  }));
  return { events, moved: events.filter((event, index) => event.studyDay !== stored[index]?.studyDay) };
}

type Owner = { readonly userId: string; readonly boundary: string | null };

async function moveAll(tx: Tx, { userId, boundary }: Owner, { events, moved }: Moves): Promise<void> {
  await moveStudyDays(tx, userId, { events: moved, attempts: moved.filter(isAnswer) });
  const from = boundary === null ? null : firstOpenDay(boundary);
  const kept = boundary === null ? [] : (await listKeptFacts(tx, [userId])).events;
  const days = [...new Set([...events, ...kept].map(({ studyDay }) => studyDay))]
    .filter((day) => from === null || day >= from)
    .sort();
  await deleteDerivedDays(tx, userId, { days, from });
  // The first open day has a week of its own to be told again, though nothing may be left on it.
  const dirty = new Set(from === null ? days : [from, ...days]);
  markDirtyDays(
    tx,
    [...dirty].map((studyDay) => ({ userId, studyDay, completed: false })), // without a cursor all is folded anyway
  );
}

function isAnswer({ eventType }: DatedEvent): boolean {
  return eventType === 'question_attempt';
}

function countsOf({ events, moved }: Moves): Rebucketed {
  return { events: events.length, movedEvents: moved.length, movedAttempts: moved.filter(isAnswer).length };
}
