import { parseArgs } from 'node:util';
import { DomainError } from '@studyin/domain/errors';
import type { Scene } from './scene.ts';

export type CrashOptions = {
  readonly scenes: readonly { readonly scene: Scene; readonly times: number }[];
  readonly isShort: boolean;
  /** After so long the test ends, whatever is missing. */
  readonly seconds: number;
  readonly learners: number;
  readonly itemsASecond: number;
  /** Items that must be acknowledged at least; the load goes on until they are. */
  readonly leastAcknowledged: number;
  readonly seed: string;
};

export type CrashCommand =
  { readonly kind: 'help' } | { readonly kind: 'run'; readonly options: CrashOptions; readonly json: boolean };

// Bounds, so that no run goes on for ever.
const limits = {
  times: [1, 10_000],
  seconds: [10, 3_600],
  learners: [1, 10_000],
  rate: [1, 10_000],
  least: [1, 10_000_000],
} as const;

const defaults = { seconds: 600, learners: 100, rate: 250, least: 10_000, leastOfPart: 200 } as const;
const shortDefaults = { learners: 30, rate: 80 } as const;

/** What the command line asks for. Throws `invalid` with one line that says what is wrong. */
export function parseCrashArguments(args: readonly string[], all: readonly Scene[]): CrashCommand {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (positionals.length > 0) throw new DomainError('invalid', `"${positionals.join(' ')}" is too much; see --help.`);
  const isShort = values.short === true;
  const chosen = (values.scene ?? []).map((name) => sceneOf(name, all));
  const times = wholeNumber('times', values.times);
  if (times !== null && chosen.length === 0) throw new DomainError('invalid', '--times needs a --scene.');
  const isPart = isShort || chosen.length > 0;
  const scenes = (chosen.length > 0 ? chosen : all)
    .map((scene) => ({ scene, times: times ?? (isShort ? scene.shortTimes : scene.times) }))
    .filter((one) => one.times > 0);
  const options: CrashOptions = {
    scenes,
    isShort,
    seconds: wholeNumber('seconds', values.seconds) ?? defaults.seconds,
    learners: wholeNumber('learners', values.learners) ?? (isShort ? shortDefaults : defaults).learners,
    itemsASecond: wholeNumber('rate', values.rate) ?? (isShort ? shortDefaults : defaults).rate,
    leastAcknowledged: wholeNumber('least', values.least) ?? (isPart ? defaults.leastOfPart : defaults.least),
    seed: values.seed ?? '1',
  };
  return { kind: 'run', options, json: values.json === true };
}

/** The text of `--help`. */
export function crashHelp(all: readonly Scene[]): string {
  const lines = all.map(({ name, summary, times }) => `  ${name.padEnd(17)}${`${times} ×`.padStart(7)}  ${summary}`);
  return `pnpm test:crash [options]

Kills processes of the product under load, and then compares what was acknowledged with what is stored. Exit code 1 where an
acknowledged event is missing or doubled, an invariant is broken, or a scene's promise is.

Scenes, in their order:
${lines.join('\n')}

Options:
  --scene <name>    only this scene; may be given several times
  --times <n>       how often, with --scene
  --short           each scene once, without those that take a minute; what npm test runs
  --seconds <n>     end after so long, whatever is missing (${defaults.seconds})
  --learners <n>    how many learners study (${defaults.learners})
  --rate <n>        items they send in a second, all together (${defaults.rate})
  --least <n>       acknowledged items there must be (${defaults.least}; ${defaults.leastOfPart} for a part)
  --seed <text>     which events (1)
  --json            print only the result on standard output, one line of JSON
  --help            this text
`;
}

function sceneOf(name: string, all: readonly Scene[]): Scene {
  const scene = all.find((one) => one.name === name);
  const names = all.map((one) => one.name).join(', ');
  if (scene === undefined) throw new DomainError('invalid', `There is no scene ${name}; there are ${names}.`);
  return scene;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const numbers = { times: text, seconds: text, learners: text, rate: text, least: text };
  try {
    const options = {
      ...numbers,
      scene: { type: 'string', multiple: true } as const,
      seed: text,
      short: flag,
      json: flag,
      help: flag,
    };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new DomainError('invalid', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(name: keyof typeof limits, text: string | undefined): number | null {
  if (text === undefined) return null;
  const [min, max] = limits[name];
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new DomainError('invalid', `--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}
