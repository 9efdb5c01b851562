import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

const byIndex = statement(
  'plan.by_index',
  `select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`,
);

/**
 * Lets the statements of a transaction find rows by their keys, by one plan each, whatever the statistics and the values say. Why:
 * a plan made while a table was small reads all of it for each learner, however large it has become (measured on the gaps: six times
 * the time), and a list of one learner looks so cheap that PostgreSQL would plan anew each time (on tables of 27 months: two
 * milliseconds a statement). Sent, not waited for.
 */
export function planByIndex(tx: Tx): void {
  tx.send(byIndex, []);
}
