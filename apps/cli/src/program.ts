// The commands, their options and their help. What a command does stands in a file of its own, loaded when it is called.
import { Command, Option } from 'commander';
import { day, jsonOption, outputOf, uuid, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';
import { addCohort } from './cohort-commands.ts';
import { addDataCommands } from './data-commands.ts';
import { addPrivacyCommands } from './privacy-commands.ts';
import { addQuarantine } from './quarantine-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addQueue } from './queue-commands.ts';
import { LONGEST_MINUTES, roles } from './token.ts';
import type { Role } from './token.ts';

const environment = `
Environment:
  DATABASE_URL          the PostgreSQL to use; without it the embedded one in .studyin/
  STUDYIN_PORT          where the API listens (4000, or a free one)
  STUDYIN_TOKEN_SECRET  and STUDYIN_SESSION_KEY, STUDYIN_SUBJECT_KEY: generated into .studyin/settings.json where absent
  All settings with their defaults: docs/operations.md`;

/** All of `studyin`. */
export function createProgram(env: Env): Command {
  const program = new Command('studyin')
    .description('Learning analytics: run it, feed it, check it.')
    .showHelpAfterError('(studyin --help shows what there is)')
    .addHelpText('after', environment);
  addUp(program, env);
  addReplay(program, env);
  addEvaluate(program, env);
  addMigrate(program, env);
  addToken(program, env);
  addNightly(program, env);
  addQuarantine(program, env);
  addQueue(program, env);
  addVerify(program, env);
  addRetention(program, env);
  addArchive(program, env);
  addDoctor(program, env);
  addModelCommands(program, env);
  addDataCommands(program, env);
  addPrivacyCommands(program, env);
  addCohort(program, env);
  return program;
}

type UpInput = Json & {
  readonly learners: number;
  readonly days: number;
  readonly seed: number;
  readonly end?: string;
  readonly fresh: boolean;
  readonly yes: boolean;
  readonly exit: boolean;
};

function addUp(program: Command, env: Env): void {
  program
    .command('up')
    .description('Start database, API and worker, send example learners, and show one dashboard.')
    .option('--learners <n>', 'how many example learners', wholeNumber(1, 5_000), 250)
    .option('--days <n>', 'how many days each of them has studied', wholeNumber(1, 365), 90)
    .option('--seed <n>', 'which learners: the same seed and end give the same ones', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--end <day>', 'their last day, YYYY-MM-DD (default: yesterday, UTC)', day)
    .option('--fresh', 'delete all data first and begin anew', false)
    .option('--yes', 'with --fresh on the database of DATABASE_URL: yes, delete', false)
    .option('--exit', 'end after the dashboard', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  studyin up\n  studyin up --exit --json\n  studyin up --learners 20 --days 30 --seed 7 --fresh',
    )
    .action(async (options: UpInput) => {
      const { up } = await import('./commands/up.ts');
      const ok = await up(
        { config: envToConfig(env), output: outputOf(options, env) },
        { ...options, end: options.end ?? null },
      );
      if (!ok) process.exitCode = 1;
    });
}

function addReplay(program: Command, env: Env): void {
  program
    .command('replay')
    .description('Send a real answer log through the API and judge the mastery score by it.')
    .argument('<file>', 'CSV with the columns user,item,skill,correct,t and, if known, rt_ms')
    .option('--limit-users <n>', 'only the first so many users of the file', wholeNumber(1, 10_000_000))
    .option('--end <day>', 'the last answer falls into the week up to this day (default: the past week)', day)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nTimes are moved by whole weeks. Sending a log again adds nothing.\n\nExamples:\n  studyin replay answers.csv\n  studyin replay answers.csv --limit-users 20 --end 2026-01-31 --json',
    )
    .action(async (file: string, options: Json & { readonly limitUsers?: number; readonly end?: string }) => {
      const { replay } = await import('./commands/replay.ts');
      const { limitUsers = null, end = null } = options;
      const ok = await replay({ config: envToConfig(env), output: outputOf(options, env) }, { file, limitUsers, end });
      if (!ok) process.exitCode = 1;
    });
}

function addEvaluate(program: Command, env: Env): void {
  program
    .command('evaluate')
    .description('Measure how well mastery forecasts an answer log, learning from it as it goes; needs no database.')
    .argument('<file>', 'CSV with the columns user,skill,correct,t and, if known, item')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nEvery answer is forecast from those before it alone. t is Unix seconds, or the order of the answers where all are below\n100,000,000: then nothing is made of time. Without item only topics are told apart.\n\nExamples:\n  studyin evaluate answers.csv\n  studyin evaluate answers.csv --json',
    )
    .action(async (file: string, options: Json) => {
      const { evaluate } = await import('./commands/evaluate.ts');
      evaluate(outputOf(options, env), file);
    });
}

function addMigrate(program: Command, env: Env): void {
  program
    .command('migrate')
    .description('Bring schema, roles, partitions and queues of the database to this release; run as its owner.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  studyin migrate\n  DATABASE_URL=postgres://owner@db/studyin studyin migrate')
    .action(async (options: Json) => {
      const { migrateCommand } = await import('./commands/migrate.ts');
      await migrateCommand(envToConfig(env), outputOf(options, env));
    });
}

function addToken(program: Command, env: Env): void {
  program
    .command('token')
    .description('Make a token for development, signed with the shared secret.')
    .requiredOption('--user <uuid>', 'whose token: the learner, or any id for a service', uuid)
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('learner'))
    .option('--minutes <n>', 'how long it lives', wholeNumber(1, LONGEST_MINUTES), LONGEST_MINUTES)
    .addHelpText(
      'after',
      '\nExamples:\n  studyin token --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11\n  studyin token --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11 --role service --minutes 5',
    )
    .action(
      async ({ user, role, minutes }: { readonly user: string; readonly role: Role; readonly minutes: number }) => {
        const { tokenCommand } = await import('./commands/token.ts');
        await tokenCommand(envToConfig(env), outputOf({ json: false }, env), { userId: user, role, minutes });
      },
    );
}

function addNightly(program: Command, env: Env): void {
  program
    .command('nightly')
    .description(
      'Do the nights that are missing, or the last one again, in this process; exit code 1 where a check fails.',
    )
    .option('--as-of <day>', 'the last day whose night is done, YYYY-MM-DD (default: yesterday, UTC)', day)
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  studyin nightly\n  studyin nightly --as-of 2026-01-31 --json')
    .action(async (options: Json & { readonly asOf?: string }) => {
      const { nightlyCommand } = await import('./commands/nightly.ts');
      const run = { config: envToConfig(env), output: outputOf(options, env) };
      if (!(await nightlyCommand(run, { asOf: options.asOf ?? null }))) process.exitCode = 1;
    });
}

function addVerify(program: Command, env: Env): void {
  program
    .command('verify')
    .description('Check the promises made of the data, by recomputing every row; exit code 1 where one is broken.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  studyin verify\n  studyin verify --json')
    .action(async (options: Json) => {
      const { verifyCommand } = await import('./commands/verify.ts');
      if (!(await verifyCommand(envToConfig(env), outputOf(options, env)))) process.exitCode = 1;
    });
}

function addRetention(program: Command, env: Env): void {
  program
    .command('retention')
    .description('Drop facts of 24 months and more, after all that follows from them is kept.')
    .option('--as-of <day>', 'the day whose month decides, YYYY-MM-DD (default: yesterday, UTC)', day)
    .option('--dry-run', 'only tell what would be dropped', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nWith STUDYIN_ARCHIVE_DIR each month is written there before it is dropped.\n\nExamples:\n  studyin retention --dry-run\n  studyin retention --as-of 2026-03-01 --json',
    )
    .action(async (options: Json & { readonly asOf?: string; readonly dryRun: boolean }) => {
      const { retentionCommand } = await import('./commands/retention.ts');
      const { asOf = null, dryRun } = options;
      await retentionCommand(envToConfig(env), outputOf(options, env), { asOf, dryRun });
    });
}

function addArchive(program: Command, env: Env): void {
  const archive = program
    .command('archive')
    .description('List and restore the months that retention has archived in STUDYIN_ARCHIVE_DIR.')
    .addHelpText('after', '\nExamples:\n  studyin archive list\n  studyin archive restore 2024-03');
  archive
    .command('list')
    .description('Show the archived months with the rows of each.')
    .addOption(jsonOption())
    .action(async (options: Json) => {
      const { archiveListCommand } = await import('./commands/archive.ts');
      await archiveListCommand(envToConfig(env), outputOf(options, env));
    });
  archive
    .command('restore')
    .description('Put a month back as tables of the schema archive, for inspection; run as the owner.')
    .argument('<month>', 'a month such as 2024-03, or the folder of one')
    .addOption(jsonOption())
    .action(async (month: string, options: Json) => {
      const { archiveRestoreCommand } = await import('./commands/archive.ts');
      await archiveRestoreCommand(envToConfig(env), outputOf(options, env), month);
    });
}

function addDoctor(program: Command, env: Env): void {
  program
    .command('doctor')
    .description('Check what the product stands on, and say what to do where something is amiss.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  studyin doctor\n  studyin doctor --json')
    .action(async (options: Json) => {
      const { doctor } = await import('./commands/doctor.ts');
      if (!(await doctor(envToConfig(env), outputOf(options, env)))) process.exitCode = 1;
    });
}
