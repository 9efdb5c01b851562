// What a run of `generate` makes: the same numbers give the same learners and events in every process.
import { historyUserId } from '@studyin/devkit/simulator/simulate-history';
import type { HistoryOptions } from '@studyin/devkit/simulator/simulate-history';
import { computeHistorySizes } from '@studyin/devkit/simulator/history-sizes';
import { studyTopicsOf } from '@studyin/devkit/simulator/study-topics';
import { defaultCurriculum } from '@studyin/domain/services';

export type Generation = {
  readonly events: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  /** The last study day. */
  readonly end: string;
};

export type PlannedHistory = { readonly index: number; readonly userId: string; readonly size: number };

export function historyOptionsOf({ events, users, days, seed, end }: Generation): HistoryOptions {
  return { topics: studyTopicsOf(defaultCurriculum()), seed: `generate ${seed}/${events}/${users}`, end, days };
}

/** Every learner of a generation with the number of their events. */
export function planHistories(generation: Generation): readonly PlannedHistory[] {
  const { events, users, seed } = generation;
  const options = historyOptionsOf(generation);
  return computeHistorySizes({ seed: String(seed), learners: users, events }).map((size, index) => ({
    index,
    userId: historyUserId(options, index),
    size,
  }));
}

/** Histories in groups of about so many events, in their order; a longer one is a group of its own. */
export function groupHistories(
  histories: readonly PlannedHistory[],
  eventsAGroup: number,
): readonly (readonly PlannedHistory[])[] {
  const groups: PlannedHistory[][] = [];
  let events = Infinity;
  for (const history of histories) {
    events += history.size;
    if (events > eventsAGroup) {
      groups.push([]);
      events = history.size;
    }
    groups.at(-1)?.push(history);
  }
  return groups;
}
