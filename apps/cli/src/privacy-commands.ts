// Commands about the data of one learner.
import type { Command } from 'commander';
import { jsonOption, outputOf, uuid } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';
import type { Env } from '@studyin/settings/read-settings';

export function addPrivacyCommands(program: Command, env: Env): void {
  addExport(program, env);
  addImport(program, env);
  addErase(program, env);
}

type ExportInput = Json & { readonly user: string; readonly reason?: string; readonly out?: string };

function addExport(program: Command, env: Env): void {
  program
    .command('export')
    .description('Write everything that is stored about a learner, as JSON lines.')
    .requiredOption('--user <uuid>', 'whose', uuid)
    .option('--reason <text>', 'why, for the access log; needed')
    .option('--out <file>', 'where to; without it standard output')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe last line is a manifest; an export without it is not whole.\n\nExamples:\n  studyin export --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11 --reason "asked by letter of 3 May" --out learner.jsonl\n  studyin export --user 6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11 --reason "moves to another school" | gzip > learner.jsonl.gz',
    )
    .action(async (options: ExportInput) => {
      const { exportCommand } = await import('./commands/export.ts');
      const { user, reason = null, out = null } = options;
      await exportCommand({ config: envToConfig(env), output: outputOf(options, env) }, { userId: user, reason, out });
    });
}

function addImport(program: Command, env: Env): void {
  program
    .command('import')
    .description('Store an exported learner whom this database does not know.')
    .argument('<file>', 'what studyin export wrote')
    .option('--reason <text>', 'why, for the access log; needed')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nAll of it or nothing. The curriculum must be here already.\n\nExamples:\n  studyin import learner.jsonl --reason "comes from another school"',
    )
    .action(async (file: string, options: Json & { readonly reason?: string }) => {
      const { importCommand } = await import('./commands/import.ts');
      const run = { config: envToConfig(env), output: outputOf(options, env) };
      await importCommand(run, { file, reason: options.reason ?? null });
    });
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
