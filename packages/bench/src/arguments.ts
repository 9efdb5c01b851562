import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DomainError } from '@studyin/domain/errors';
import type { Bench, BenchOptions } from './bench.ts';

export type BenchCommand =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'run'; readonly bench: Bench; readonly options: BenchOptions } & RunSettings);

type RunSettings = {
  readonly json: boolean;
  /** The folder of `--keep`; null where it was not given. */
  readonly keep: string | null;
};

// Bounds, so that no run goes on for ever.
const limits = { rounds: [1, 99], seconds: [0.01, 120], size: [1, 100_000_000] } as const;

/** What the command line asks for. Throws `invalid` with one line that says what is wrong. */
export function parseBenchArguments(args: readonly string[], benches: readonly Bench[]): BenchCommand {
  const { values, positionals } = parse(args);
  const [name, ...more] = positionals;
  if (values.help === true || name === undefined) return { kind: 'help' };
  const bench = benches.find((one) => one.name === name);
  const names = benches.map((one) => one.name).join(', ');
  if (bench === undefined) throw new DomainError('invalid', `There is no bench ${name}; there are ${names}.`);
  if (more.length > 0) throw new DomainError('invalid', `One bench at a time; ${more.join(' ')} is too much.`);
  const options: BenchOptions = {
    rounds: wholeNumber('rounds', values.rounds) ?? bench.defaults.rounds,
    seconds: numberOf('seconds', values.seconds) ?? bench.defaults.seconds,
    size: wholeNumber('size', values.size) ?? bench.defaults.size,
  };
  return { kind: 'run', bench, options, json: values.json === true, keep: folderOf(values.keep) };
}

/** The text of `--help`. */
export function benchHelp(benches: readonly Bench[]): string {
  const lines = benches.map(({ name, summary, defaults }) => {
    const { rounds, seconds, size } = defaults;
    return `  ${name.padEnd(14)}${summary}\n${' '.repeat(16)}--rounds ${rounds} --seconds ${seconds} --size ${size}`;
  });
  return `pnpm bench <name> [options]

Benches, with their defaults:
${lines.join('\n')}

Options:
  --rounds <n>   pairs of rounds, product and limit in turn
  --seconds <n>  length of one side of a round, where it goes by time
  --size <n>     learners; of dashboard-cold, growth and export, events
  --keep <dir>   keep filled databases in this folder, and use those that are there
  --json         print only the result, one line of JSON
  --help         this text
`;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const options = { rounds: text, seconds: text, size: text, keep: text, json: flag, help: flag };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new DomainError('invalid', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function folderOf(text: string | undefined): string | null {
  if (text === '') throw new DomainError('invalid', '--keep must name a folder.');
  return text === undefined ? null : resolve(text);
}

function numberOf(name: keyof typeof limits, text: string | undefined): number | null {
  if (text === undefined) return null;
  const [min, max] = limits[name];
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new DomainError('invalid', `--${name} must be a number from ${min} to ${max}, not "${text}".`);
}

function wholeNumber(name: 'rounds' | 'size', text: string | undefined): number | null {
  const value = numberOf(name, text);
  if (value === null || Number.isInteger(value)) return value;
  throw new DomainError('invalid', `--${name} must be a whole number, not "${text}".`);
}
