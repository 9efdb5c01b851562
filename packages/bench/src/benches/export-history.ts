// One learner with more events than anybody makes: the histories of many simulated learners under one id, all types of events in them.
import { simulateHistory } from '@studyin/devkit/simulator/simulate-history';
import { studyTopicsOf } from '@studyin/devkit/simulator/study-topics';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { defaultCurriculum, recordEvents, updateLearner } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';

const DAYS = 600;
const EVENTS_A_HISTORY = 20_000;
const EVENTS_A_BATCH = 500;
const origin = { clientIp: null, deviceType: null };

/** Stores exactly `size` events of the learner and derives their rows. */
export async function storeHistory(
  app: App,
  userId: string,
  { size, signal, progress }: Pick<BenchContext, 'size' | 'signal' | 'progress'>,
): Promise<void> {
  const topics = studyTopicsOf(defaultCurriculum());
  const end = addDays(utcDayOf(Date.now()), -1);
  for (let stored = 0, index = 0; stored < size; index += 1) {
    const ofHistory = Math.min(EVENTS_A_HISTORY, size - stored);
    const { events } = simulateHistory({ topics, seed: 'export', end, days: DAYS }, { index, size: ofHistory });
    for (let at = 0; at < events.length; at += EVENTS_A_BATCH) {
      signal.throwIfAborted();
      const items = events.slice(at, at + EVENTS_A_BATCH).map((input) => ({ userId, input, origin }));
      const { results } = await recordEvents(app, items);
      const refused = results.find(({ status }) => status !== 'accepted');
      if (refused !== undefined) throw new Error(`an event was ${refused.status}: ${refused.reason}`);
    }
    stored += ofHistory;
    progress(`${stored} of ${size} events stored`);
  }
  progress('deriving their rows');
  await updateLearner(app, { userId });
}
