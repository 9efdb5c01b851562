// Commands that make example data in quantity, and the one that cuts stored study days anew.
import type { Command } from 'commander';
import { day, jsonOption, outputOf, uuid, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';

export function addDataCommands(program: Command, env: Env): void {
  addSimulate(program, env);
  addGenerate(program, env);
  addGeneratePart(program, env);
  addRebucket(program, env);
}

type SimulateInput = Json & {
  readonly learners: number;
  readonly days: number;
  readonly seed: number;
  readonly end?: string;
  readonly out?: string;
};

function addSimulate(program: Command, env: Env): void {
  program
    .command('simulate')
    .description('Send the events of simulated learners through the API, or write them to a file.')
    .option('--learners <n>', 'how many learners', wholeNumber(1, 100_000), 250)
    .option('--days <n>', 'how many days each of them has studied', wholeNumber(1, 365), 90)
    .option('--seed <n>', 'which learners: the same seed and end give the same ones', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--end <day>', 'their last day, YYYY-MM-DD (default: yesterday, UTC)', day)
    .option('--out <file>', 'write JSON lines of events in their order of arrival; nothing is sent')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nSending them again adds nothing.\n\nExamples:\n  studyin simulate --learners 20 --days 30 --seed 7\n  studyin simulate --learners 1000 --end 2026-01-31 --out events.jsonl --json',
    )
    .action(async (options: SimulateInput) => {
      const { simulate } = await import('./commands/simulate.ts');
      const ok = await simulate(
        { config: envToConfig(env), output: outputOf(options, env) },
        { ...options, end: options.end ?? null, out: options.out ?? null },
      );
      if (!ok) process.exitCode = 1;
    });
}

type GenerateInput = Json & {
  readonly events: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  readonly end?: string;
};

function addGenerate(program: Command, env: Env): void {
  program
    .command('generate')
    .description('Fill the database with simulated histories: facts by COPY, then every derived row.')
    .requiredOption('--events <n>', 'how many events in all', wholeNumber(1, 1_000_000_000))
    .requiredOption('--users <n>', 'how many learners', wholeNumber(1, 10_000_000))
    .option('--days <n>', 'how many days they lie in', wholeNumber(1, 600), 180)
    .option('--seed <n>', 'which learners: the same numbers and end give the same ones', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--end <day>', 'the last day, YYYY-MM-DD (default: yesterday, UTC)', day)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nRunning it again goes on where it was broken off, and adds nothing to what is there.\n\nExamples:\n  studyin generate --events 1000000 --users 10000\n  studyin generate --events 50000 --users 500 --seed 7 --end 2026-01-31 --json',
    )
    .action(async (options: GenerateInput) => {
      const { generate } = await import('./commands/generate.ts');
      await generate(
        { config: envToConfig(env), output: outputOf(options, env) },
        { ...options, end: options.end ?? null },
      );
    });
}

// One of the processes that `generate` starts.
function addGeneratePart(program: Command, env: Env): void {
  program.command('generate-part', { hidden: true }).action(async () => {
    const { generatePart } = await import('./generate/generate-part.ts');
    await generatePart(envToConfig(env));
  });
}

type RebucketInput = Json & { readonly user?: string; readonly all: boolean; readonly dryRun: boolean };

function addRebucket(program: Command, env: Env): void {
  program
    .command('rebucket')
    .description("Cut stored study days anew under each learner's present zone and rollover hour; run as the owner.")
    .option('--user <uuid>', 'this learner', uuid)
    .option('--all', 'every learner', false)
    .option('--dry-run', 'only count what would move', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nAn event that named its own zone keeps it.\n\nExamples:\n  studyin rebucket --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11 --dry-run\n  studyin rebucket --all',
    )
    .action(async (options: RebucketInput) => {
      const { rebucket } = await import('./commands/rebucket.ts');
      const { user = null, all, dryRun } = options;
      await rebucket({ config: envToConfig(env), output: outputOf(options, env) }, { userId: user, all, dryRun });
    });
}
