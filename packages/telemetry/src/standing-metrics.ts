// Queues, lag and quarantine are the database's, not a process's: API and worker both show them, so that a worker that is gone
// is seen too. Over several processes take the maximum, never the sum.
import { setTimeout as sleep } from 'node:timers/promises';
import { rejectReasons } from '@studyin/domain/events';
import type { Standing } from '@studyin/domain/services';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Asked at most this often, however many scrape. */
const FRESH_MS = 2_000;
/** A database that hangs is away: Prometheus waits ten seconds, and would lose the metrics of the process as well. */
const PATIENCE_MS = 3_000;

/**
 * Adds the standing, and answers what to call before each rendering. While the database is away, or does not answer in time, its
 * series are left out and `studyin_standing_up` is 0.
 */
export function addStandingMetrics(
  registry: Registry,
  find: () => Promise<Standing>,
  { freshMs = FRESH_MS, patienceMs = PATIENCE_MS }: { readonly freshMs?: number; readonly patienceMs?: number } = {},
): () => Promise<void> {
  const show = createGauges(registry);
  let askedMs = -Infinity;
  let asking: Promise<void> | null = null;
  const ask = async (): Promise<void> => {
    askedMs = performance.now();
    show(await find().catch(() => null));
  };
  return async () => {
    if (asking === null && performance.now() - askedMs < freshMs) return;
    // never asked twice at a time, however long the first takes
    asking ??= ask().finally(() => {
      asking = null;
    });
    const answered = asking.then(() => true);
    if (!(await Promise.race([answered, sleep(patienceMs, false, { ref: false })]))) show(null);
  };
}

// Literals, so that a test finds each name in the source.
const definitions = {
  jobs: {
    name: 'studyin_queue_jobs',
    help: 'Unfinished jobs by queue and state; dead: in the dead letters.',
    labelNames: ['queue', 'state'],
  },
  oldest: {
    name: 'studyin_queue_oldest_seconds',
    help: 'Age of the oldest job of a queue that is waiting or active.',
    labelNames: ['queue'],
  },
  lag: {
    name: 'studyin_derived_lag_seconds',
    help: 'By how much a derived table may be behind the facts.',
    labelNames: ['table'],
  },
  nights: {
    name: 'studyin_nights_missed',
    help: 'Nights that a step has not done though it is past 05:00 UTC.',
    labelNames: ['step'],
  },
  quarantine: {
    name: 'studyin_quarantine_items',
    help: 'Items in quarantine by reason, counted up to 100,000 in all.',
    labelNames: ['reason'],
  },
} as const;

function createGauges(registry: Registry): (standing: Standing | null) => void {
  const gaugeOf = (definition: {
    readonly name: string;
    readonly help: string;
    readonly labelNames?: readonly string[];
  }) => new Gauge({ ...definition, registers: [registry] });
  const up = gaugeOf({
    name: 'studyin_standing_up',
    help: 'Whether the database answered what the other metrics of its standing need.',
  });
  const [jobs, oldest, lag] = [gaugeOf(definitions.jobs), gaugeOf(definitions.oldest), gaugeOf(definitions.lag)];
  const [nights, quarantine] = [gaugeOf(definitions.nights), gaugeOf(definitions.quarantine)];
  return (standing) => {
    for (const gauge of [jobs, oldest, lag, nights, quarantine]) gauge.reset();
    up.set(standing === null ? 0 : 1);
    for (const { queue, waiting, active, dead, oldestSeconds } of standing?.queues ?? []) {
      jobs.set({ queue, state: 'waiting' }, waiting);
      jobs.set({ queue, state: 'active' }, active);
      jobs.set({ queue, state: 'dead' }, dead);
      oldest.set({ queue }, oldestSeconds);
    }
    for (const { table, seconds } of standing?.tables ?? []) lag.set({ table }, seconds);
    for (const { step, lagDays } of standing?.nights ?? []) nights.set({ step }, lagDays);
    if (standing === null) return;
    // Also those of no item: Prometheus sees no growth in a series that begins with it.
    for (const reason of rejectReasons) quarantine.set({ reason }, 0);
    for (const { reason, items } of standing.quarantine) quarantine.set({ reason }, items);
  };
}
