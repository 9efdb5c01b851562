// Commands about the data of one learner.
import type { Command } from 'commander';
import { jsonOption, outputOf, uuid } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from './config.ts';

export function addPrivacyCommands(program: Command, env: Env): void {
  addErase(program, env);
}

type EraseInput = Json & { readonly user?: string; readonly reason?: string; readonly unfinished: boolean };

function addErase(program: Command, env: Env): void {
  program
    .command('erase')
    .description('Delete everything of a learner, for good, and print the receipt.')
    .option('--user <uuid>', 'whom', uuid)
    .option('--reason <text>', 'why, for the access log')
    .option('--unfinished', 'finish erasures that were broken off', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nWhat arrives of them later is refused. Erasing somebody again finishes the work and prints the same receipt.\n\nExamples:\n  studyin erase --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11 --reason "asked by letter of 3 May"\n  studyin erase --unfinished --json',
    )
    .action(async (options: EraseInput) => {
      const { eraseCommand } = await import('./commands/erase.ts');
      const { user = null, reason = null, unfinished } = options;
      await eraseCommand(
        { config: envToConfig(env), output: outputOf(options, env) },
        { userId: user, reason, unfinished },
      );
    });
}
