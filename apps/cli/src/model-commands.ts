// Commands about the versions of the mastery model.
import { DomainError } from '@studyin/domain/errors';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { jsonOption, outputOf, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';

export function addModelCommands(program: Command, env: Env): void {
  addRefit(program, env);
  addModels(program, env);
}

function addRefit(program: Command, env: Env): void {
  program
    .command('refit')
    .description('Learn a version of the mastery model from all answers, and activate it where it forecasts better.')
    .option('--no-activate', 'only make it')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit code 1 where there are too few answers.\n\nExamples:\n  studyin refit\n  studyin refit --no-activate --json',
    )
    .action(async (options: Json & { readonly activate: boolean }) => {
      const { refit } = await import('./commands/refit.ts');
      const isMade = await refit({ config: envToConfig(env), output: outputOf(options, env) }, options);
      if (!isMade) process.exitCode = 1;
    });
}

type ModelsInput = Json & { readonly dryRun: boolean };

function addModels(program: Command, env: Env): void {
  program
    .command('models')
    .description('List the versions of the mastery model, or make one the active one.')
    .addArgument(new Argument('<action>', 'what to do').choices(['list', 'activate']))
    .argument('[version]', 'the version to activate', wholeNumber(0, 2 ** 31 - 1))
    .option('--dry-run', 'with activate: only say what would change', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe worker moves learners to the active version. An older version can be activated again.\n\nExamples:\n  studyin models list\n  studyin models activate 3 --dry-run\n  studyin models activate 3',
    )
    .action(async (action: string, version: number | undefined, options: ModelsInput) => {
      const { activateModelCommand, listModelsCommand } = await import('./commands/models.ts');
      const run = { config: envToConfig(env), output: outputOf(options, env) };
      if (action === 'list') await listModelsCommand(run);
      else if (version === undefined) throw new DomainError('invalid', 'Say which version to activate.');
      else await activateModelCommand(run, { version, dryRun: options.dryRun });
    });
}
