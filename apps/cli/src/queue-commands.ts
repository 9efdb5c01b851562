// Commands on the job queue.
import type { Command } from 'commander';
import { jsonOption, outputOf, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';

export function addQueue(program: Command, env: Env): void {
  const queue = program.command('queue').description('Look at the job queue, and send again what was given up.');
  addList(queue, env);
  addRedrive(queue, env);
  addDashboard(queue, env);
  queue.addHelpText('after', '\nExamples:\n  studyin queue list\n  studyin queue redrive --queue update-learner');
}

type Scope = Json & { readonly queue?: string; readonly limit: number };

function addList(queue: Command, env: Env): void {
  queue
    .command('list')
    .description('What each queue has not finished, and its dead letters: whose, since when, by what kind of error.')
    .option('--queue <name>', 'dead letters of this queue only')
    .option('--limit <n>', 'how many dead letters at most, oldest first', wholeNumber(1, 10_000), 20)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  studyin queue list\n  studyin queue list --queue update-learner --limit 100 --json',
    )
    .action(async ({ queue: name, limit, ...json }: Scope) => {
      const { queueList } = await import('./commands/queue-list.ts');
      await queueList({ config: envToConfig(env), output: outputOf(json, env) }, { queue: name, limit });
    });
}

function addRedrive(queue: Command, env: Env): void {
  queue
    .command('redrive')
    .description('Send dead letters to the queue they failed in, with all their tries. Mend the cause first.')
    .option('--queue <name>', 'those of this queue only')
    .option('--limit <n>', 'how many at most, oldest first', wholeNumber(1, 10_000_000), 100_000)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  studyin queue redrive\n  studyin queue redrive --queue update-learner --limit 10',
    )
    .action(async ({ queue: name, limit, ...json }: Scope) => {
      const { queueRedrive } = await import('./commands/queue-redrive.ts');
      await queueRedrive({ config: envToConfig(env), output: outputOf(json, env) }, { queue: name, limit });
    });
}

type DashboardInput = Json & { readonly port: number; readonly changes: boolean };

function addDashboard(queue: Command, env: Env): void {
  queue
    .command('dashboard')
    .description(
      'Show pg-boss’s dashboard on this machine to whoever has a token of the role admin, until it is ended.',
    )
    .option('--port <n>', 'where it listens, at 127.0.0.1', wholeNumber(1, 65_535), 4_080)
    .option('--changes', 'let jobs be cancelled, tried again and deleted; without it it only shows', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nIt asks for the token: studyin token --user <uuid> --role admin, or your identity provider’s.\n\nExamples:\n  studyin queue dashboard\n  studyin queue dashboard --port 4090 --changes',
    )
    .action(async ({ port, changes, ...json }: DashboardInput) => {
      const { queueDashboard } = await import('./commands/queue-dashboard.ts');
      await queueDashboard({ config: envToConfig(env), output: outputOf(json, env) }, { port, allowsChanges: changes });
    });
}
