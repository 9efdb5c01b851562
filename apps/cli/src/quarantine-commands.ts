// Commands on items that the API rejected.
import { Option } from 'commander';
import type { Command } from 'commander';
import { day, jsonOption, outputOf, uuid, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';

const reasons = ['invalid', 'invalid_text', 'pii', 'too_old', 'unknown_topic', 'unknown_material'] as const;
const replayableReasons = ['unknown_topic', 'unknown_material'] as const;

type Scope = { readonly user?: string; readonly since?: string };

export function addQuarantine(program: Command, env: Env): void {
  const quarantine = program
    .command('quarantine')
    .description('Look at the items that were rejected, and record those again that a later curriculum knows.');
  addList(quarantine, env);
  addReplay(quarantine, env);
  quarantine.addHelpText(
    'after',
    '\nExamples:\n  studyin quarantine list --reason unknown_topic\n  studyin quarantine replay --dry-run',
  );
}

function addScope(command: Command, choices: readonly string[]): Command {
  return command
    .addOption(new Option('--reason <reason>', 'only those rejected for it').choices(choices))
    .option('--user <uuid>', 'only those of this learner', uuid)
    .option('--since <day>', 'only those received on this day (UTC) or later, YYYY-MM-DD', day);
}

/** The first instant of a day, UTC. */
function startOf(since: string | undefined): Date | undefined {
  return since === undefined ? undefined : new Date(`${since}T00:00:00Z`);
}

type ListInput = Json &
  Scope & { readonly reason?: (typeof reasons)[number] } & {
    readonly limit: number;
    readonly cursor?: string;
  };

function addList(quarantine: Command, env: Env): void {
  const command = quarantine
    .command('list')
    .description('Rejected items in order of arrival: why, where in the item, whose. Values are never shown.');
  addScope(command, reasons)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 10_000), 50)
    .option('--cursor <text>', 'go on where a page ended')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  studyin quarantine list\n  studyin quarantine list --reason pii --since 2026-01-31 --json',
    )
    .action(async ({ user, since, reason, limit, cursor, ...json }: ListInput) => {
      const { listCommand } = await import('./commands/quarantine-list.ts');
      const query = { reason, userId: user, since: startOf(since), limit, cursor };
      await listCommand({ config: envToConfig(env), output: outputOf(json, env) }, query);
    });
}

type ReplayInput = Json &
  Scope & { readonly reason?: (typeof replayableReasons)[number] } & {
    readonly limit: number;
    readonly dryRun: boolean;
  };

function addReplay(quarantine: Command, env: Env): void {
  const command = quarantine
    .command('replay')
    .description(
      'Record items again whose topic or material was not known; what is stored then leaves the quarantine.',
    );
  addScope(command, replayableReasons)
    .option('--limit <n>', 'how many to try at most, oldest first', wholeNumber(1, 100_000_000), 1_000_000)
    .option('--dry-run', 'do it and undo it: only say what would come of it', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nImport the curriculum that knows them first. May be broken off and repeated at any time.\n\nExamples:\n  studyin quarantine replay --dry-run\n  studyin quarantine replay --reason unknown_topic --since 2026-01-31 --json',
    )
    .action(async ({ user, since, reason, limit, dryRun, ...json }: ReplayInput) => {
      const { replayCommand } = await import('./commands/quarantine-replay.ts');
      const options = { reason, userId: user, since: startOf(since), limit, dryRun };
      await replayCommand({ config: envToConfig(env), output: outputOf(json, env) }, options);
    });
}
