import type { Watch } from '../stack/watch.ts';
import { until } from '../until.ts';

export type IdleOptions = {
  readonly signal: AbortSignal;
  readonly withinMs: number;
  /** Puts the queue's clock forward for a job that has been in hand for long: its worker is gone, or could not say so. */
  readonly hurries?: boolean;
};

const LONG_IN_HAND_MS = 2_000;

/** Waits until no update of a learner is waiting, running, or to be tried again. */
export async function untilIdle(watch: Watch, { signal, withinMs, hurries = false }: IdleOptions): Promise<void> {
  const isIdle = async (): Promise<boolean> => {
    const { waiting, active } = await watch.findBacklog();
    if (active > 0 && hurries) await watch.ageHeartbeats(LONG_IN_HAND_MS);
    return waiting + active === 0;
  };
  await until(isIdle, { what: 'the queue to be idle', withinMs, everyMs: 200, signal });
}
