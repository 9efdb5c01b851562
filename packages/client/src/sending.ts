// What is stored and has no result, and when it is sent.
import { createBacklog } from './backlog.ts';
import type { Sized } from './backlog.ts';
import { createFlushes } from './flushes.ts';
import { createLoop } from './loop.ts';
import { startBackgroundTimer } from './pause.ts';
import type { QueueLimits } from './queue-limits.ts';
import { createSchedule } from './schedule.ts';
import { createHeadSend } from './send-head.ts';
import type { SendHeadOptions } from './send-head.ts';

export type Sending = {
  /** Stored acts wait for their batch. */
  readonly enter: (entries: readonly Sized[]) => void;
  /** All that waits now is sent at once. */
  readonly hurry: () => void;
  /** Resolves when what waits now, and what has the other keys, has a result, or after so long. */
  flush(otherKeys: readonly string[], timeoutMs: number): Promise<void>;
  readonly wake: () => void;
  readonly count: () => number;
  readonly bytes: () => number;
  end(): Promise<void>;
};

export type SendingOptions = Pick<SendHeadOptions, 'storage' | 'send' | 'onResult' | 'onError'> & {
  readonly limits: QueueLimits;
};

export function createSending({ limits, ...options }: SendingOptions): Sending {
  const backlog = createBacklog();
  const flushes = createFlushes();
  const schedule = createSchedule({ backlog, limits, isWanted: flushes.isWanted, onDue: () => sender.start() });
  const onSettled = (keys: readonly string[]): void => {
    flushes.settle(keys);
    schedule.update();
  };
  const sender = createLoop({
    isWanted: schedule.isDue,
    step: createHeadSend({ ...options, backlog, batchBytes: limits.batchBytes, onSettled }),
    onError: options.onError,
    startTimer: startBackgroundTimer,
  });
  return {
    enter: (entries) => {
      backlog.add(entries);
      schedule.update();
    },
    hurry: () => schedule.hurry(),
    flush: (otherKeys, timeoutMs) => {
      const answered = flushes.wait([...otherKeys, ...backlog.keys()], timeoutMs);
      schedule.update();
      return answered;
    },
    wake: sender.wake,
    count: backlog.count,
    bytes: backlog.bytes,
    end: () => {
      schedule.stop();
      return sender.end();
    },
  };
}
