// The day that a night has before it: its facts are stored, nothing is derived from them, no worker runs.
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { recordEvents } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { createDaySource } from '../load/day-source.ts';
import type { DaySource } from '../load/day-source.ts';
import { withApp } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';

export const EVENTS_A_LEARNER = 100;
const LEARNERS_A_BATCH = 5;
const LANES = 2;
const origin = { clientIp: null, deviceType: null };

/** Yesterday, UTC: the newest day whose night may be done. */
export function nightDay(): string {
  return addDays(utcDayOf(Date.now()), -1);
}

/** Stores a day of a hundred events for each learner, left to be derived. */
export async function storeDay(database: BenchDatabase, context: BenchContext, day: string): Promise<void> {
  // Of this database only, not of its copies: what it loses in a crash, the run loses anyway.
  await database.run('alter database studyin set synchronous_commit = off');
  const source = createDaySource({ fromMs: Date.parse(`${day}T00:00:00Z`), eventsADay: EVENTS_A_LEARNER });
  await withApp({ url: database.url, poolSize: LANES }, (app) => storeLearners(app, source, context));
  await database.run('vacuum (analyze)');
}

async function storeLearners(app: App, source: DaySource, { size, signal, progress }: BenchContext): Promise<void> {
  const state = { next: 0, saidMs: performance.now() };
  const lane = async (): Promise<void> => {
    while (state.next < size) {
      signal.throwIfAborted();
      const from = state.next;
      state.next = Math.min(size, from + LEARNERS_A_BATCH);
      const learners = Array.from({ length: state.next - from }, (_, n) => learnerId(from + n));
      const { results } = await recordEvents(
        app,
        learners.flatMap((userId) => source.eventsOf(userId).map((input) => ({ userId, input, origin }))),
      );
      const refused = results.find(({ status }) => status !== 'accepted');
      if (refused !== undefined) throw new Error(`an event of the day was ${refused.status}: ${refused.reason}`);
      if (performance.now() - state.saidMs < 5_000) continue;
      state.saidMs = performance.now();
      progress(`storing the day: ${state.next} of ${size} learners`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
