import { until } from '../until.ts';
import type { Watch } from '../stack/watch.ts';

/** Waits until no update of a learner is waiting, running, or to be tried again. */
export function untilIdle(
  watch: Watch,
  { signal, withinMs }: { readonly signal: AbortSignal; readonly withinMs: number },
) {
  const isIdle = async (): Promise<boolean> => {
    const { waiting, active } = await watch.findBacklog();
    return waiting + active === 0;
  };
  return until(isIdle, { what: 'the queue to be idle', withinMs, everyMs: 200, signal });
}
