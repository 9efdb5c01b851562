// What a bench says in the end: a table for people, one line of JSON for programs.
import type { Bench, BenchCase, BenchOptions, BenchResult } from './bench.ts';

export type Report = {
  readonly bench: Pick<Bench, 'name' | 'sizeUnit'>;
  readonly options: Pick<BenchOptions, 'size'>;
  readonly result: BenchResult;
  readonly commit: string;
};

/** The first case's figures, and those of all cases beside them. */
export function jsonLineOf({ bench, options, result, commit }: Report): string {
  const [first] = result.cases;
  const { rssMb } = result;
  const { name: _case, ...figures } = figuresOf(first);
  return JSON.stringify({
    name: bench.name,
    ...figures,
    rssMb,
    size: options.size,
    commit,
    cases: result.cases.map(figuresOf),
  });
}

function figuresOf({ name, ratio, product, limit, unit, p50Ms, p99Ms, rounds, failedRounds, isReached }: BenchCase) {
  return {
    name,
    ratio: rounded(ratio.median, 3),
    product: rounded(product, 1),
    limit: rounded(limit, 1),
    unit,
    p50Ms: p50Ms === null ? null : rounded(p50Ms, 2),
    p99Ms: p99Ms === null ? null : rounded(p99Ms, 2),
    quartiles: [rounded(ratio.first, 3), rounded(ratio.third, 3)],
    rounds,
    failedRounds,
    isReached,
  };
}

const header = ['case', 'ratio', 'quartiles', 'goal', '', 'product', 'limit', 'unit', 'p50', 'p99', 'rounds'];

/** The table, with a last line for memory and notes. */
export function tableOf({ bench, result, commit, options }: Report): string {
  const rows = [header, ...result.cases.map(rowOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const memory = result.rssMb === null ? '' : `, ${rounded(result.rssMb, 0)} MB resident at most`;
  const notes = [`${options.size} ${bench.sizeUnit ?? 'learners'}, commit ${commit}${memory}`, ...result.notes];
  return [...lines, '', ...notes].map((line) => `  ${line}`.trimEnd()).join('\n');
}

function rowOf(one: BenchCase): readonly string[] {
  const { name, ratio, goal, isReached, product, limit, unit, p50Ms, p99Ms, rounds, failedRounds } = one;
  return [
    name,
    ratio.median.toFixed(3),
    `${ratio.first.toFixed(3)}–${ratio.third.toFixed(3)}`,
    goal,
    isReached ? '✔' : '✘',
    amount(product),
    amount(limit),
    unit,
    p50Ms === null ? '' : `${p50Ms.toFixed(1)} ms`,
    p99Ms === null ? '' : `${p99Ms.toFixed(1)} ms`,
    failedRounds === 0 ? String(rounds) : `${rounds} (${failedRounds} failed)`,
  ];
}

function amount(value: number): string {
  return rounded(value, value < 100 ? 1 : 0).toLocaleString('en-US');
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
