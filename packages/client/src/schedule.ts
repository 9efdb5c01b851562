import type { Backlog } from './backlog.ts';
import { startBackgroundTimer } from './pause.ts';
import type { QueueLimits } from './queue-limits.ts';

/** When a batch is due: by count, by bytes, by time, or because someone wants it. */
export type Schedule = {
  readonly isDue: () => boolean;
  /** To be called whenever the backlog, or what is wanted, has changed. */
  update(): void;
  /** What waits now has waited long enough. */
  hurry(): void;
  stop(): void;
};

export type ScheduleOptions = {
  readonly backlog: Pick<Backlog, 'count' | 'bytes'>;
  readonly limits: QueueLimits;
  readonly isWanted: () => boolean;
  readonly onDue: () => void;
};

export function createSchedule({ backlog, limits, isWanted, onDue }: ScheduleOptions): Schedule {
  let isOverdue = false;
  let stopTimer: (() => void) | null = null;

  const isDue = (): boolean =>
    backlog.count() > 0 &&
    (isOverdue || isWanted() || backlog.count() >= limits.batchItems || backlog.bytes() >= limits.batchBytes);
  const stop = (): void => {
    stopTimer?.();
    stopTimer = null;
  };
  const hurry = (): void => {
    isOverdue = true;
    update();
  };
  const update = (): void => {
    if (backlog.count() === 0) isOverdue = false;
    if (backlog.count() === 0 || isDue()) stop();
    else stopTimer ??= startBackgroundTimer(hurry, limits.batchMs);
    if (isDue()) onDue();
  };
  return { isDue, update, hurry, stop };
}
