import { simulateHistory } from '@studyin/devkit/simulator/simulate-history';
import { studyTopicsOf } from '@studyin/devkit/simulator/study-topics';
import type { CurriculumInput } from '@studyin/domain/services';
import type { HistoryItem } from './random-history.ts';

export type SimulationOptions = {
  readonly seed: string;
  /** The last study day. */
  readonly end: string;
  readonly days: number;
  /** Events. */
  readonly size: number;
};

/** A learner with habits, an ability and a memory, as `studyin generate` makes them: the same options give the same events. */
export function simulatedHistory(
  curriculum: CurriculumInput,
  { size, ...options }: SimulationOptions,
): { readonly userId: string; readonly items: readonly HistoryItem[] } {
  const topics = studyTopicsOf(curriculum);
  const { userId, events } = simulateHistory({ ...options, topics }, { index: 0, size });
  return { userId, items: events.map((input) => ({ input, origin: { clientIp: null, deviceType: null } })) };
}
