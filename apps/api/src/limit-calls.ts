// So many calls a minute for each learner, or each address where nobody is known. Ten calls in one HTTP batch are ten calls.
import { ipKeyGenerator, MemoryStore } from 'express-rate-limit';
import type { Options } from 'express-rate-limit';
import type { Metrics } from './metrics.ts';
import type { RequestFacts } from './request-facts.ts';

type Caller = Pick<RequestFacts, 'authentication' | 'address'>;

export type CallCount = {
  readonly isRefused: boolean;
  /** What the caller is told of it, by name. */
  readonly headers: readonly (readonly [string, string])[];
};

export type CallLimit = {
  /** Counts so many calls of a request, and in the metrics those it refuses; services are exempt. */
  count(caller: Caller, calls: number): Promise<CallCount>;
  close(): void;
};

const WINDOW_SECONDS = 60;
const uncounted: CallCount = { isRefused: false, headers: [] };

/** `callsPerMinute` 0 switches the limit off. */
export function limitCalls(
  { callsPerMinute }: { readonly callsPerMinute: number },
  metrics: Pick<Metrics, 'observeCall'>,
): CallLimit {
  if (callsPerMinute === 0) return { count: () => Promise.resolve(uncounted), close: () => undefined };
  const store = new MemoryStore();
  store.init({ windowMs: WINDOW_SECONDS * 1000 } as Options); // as: it looks at nothing else
  const policy = `"calls"; q=${callsPerMinute}; w=${WINDOW_SECONDS}`;
  return {
    count: async ({ authentication, address }, calls) => {
      const viewer = 'viewer' in authentication ? authentication.viewer : null;
      if (viewer?.role === 'service') return uncounted;
      const key = viewer?.userId ?? ipKeyGenerator(address);
      for (let call = 1; call < calls; call += 1) await store.increment(key);
      const { totalHits, resetTime } = await store.increment(key);
      const seconds = Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000));
      const isRefused = totalHits > callsPerMinute;
      if (isRefused) metrics.observeCall('rate_limited', 'TOO_MANY_REQUESTS', 0);
      const state = `"calls"; r=${Math.max(0, callsPerMinute - totalHits)}; t=${seconds}`;
      const headers = [
        ['ratelimit-policy', policy],
        ['ratelimit', state],
      ] as const;
      return { isRefused, headers: isRefused ? [...headers, ['retry-after', String(seconds)]] : headers };
    },
    close: () => store.shutdown(),
  };
}
