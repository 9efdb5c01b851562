import type { OnStatement } from '@studyin/domain/database';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export type SlowStatement = {
  readonly event: 'statement.slow';
  /** As docs/queries.md has it. */
  readonly statement: string;
  readonly elapsedMs: number;
};

const SLOW_MS = 1_000;
const VERY_SLOW_MS = 5_000;

/**
 * Watches statements: one over a second is logged and counted by its name, never with its values, and one over five seconds is
 * counted for the alert.
 */
export function watchStatements(registry: Registry, log: { warn(line: SlowStatement): void }): OnStatement {
  const registers = [registry];
  const slow = new Counter({
    name: 'studyin_slow_statements_total',
    help: 'Statements that took more than a second, by name.',
    labelNames: ['statement'],
    registers,
  });
  // Without a label, so that the series is there before the first one and an alert can see it grow.
  const verySlow = new Counter({
    name: 'studyin_very_slow_statements_total',
    help: 'Statements that took more than five seconds.',
    registers,
  });
  return (statement, elapsedMs) => {
    if (elapsedMs <= SLOW_MS) return;
    slow.inc({ statement });
    if (elapsedMs > VERY_SLOW_MS) verySlow.inc();
    log.warn({ event: 'statement.slow', statement, elapsedMs: Math.round(elapsedMs) });
  };
}
