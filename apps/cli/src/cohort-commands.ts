// Commands about cohorts: who may look at whose numbers.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Env } from '@studyin/settings/read-settings';
import { jsonOption, outputOf, uuid, wholeNumber } from './command-options.ts';
import type { Json } from './command-options.ts';
import { envToConfig } from './config.ts';

const EXAMPLE = '6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11';

/** Reads a UUID and puts it to those before it. */
const uuids = (text: string, before: readonly string[] = []): readonly string[] => [...before, uuid(text)];

export function addCohort(program: Command, env: Env): void {
  const cohort = program
    .command('cohort')
    .description('Make cohorts and say who is in them: instructors read the dashboards of the learners of theirs.');
  addCreate(cohort, env);
  addAdd(cohort, env);
  addRemove(cohort, env);
  addList(cohort, env);
  addDelete(cohort, env);
  cohort.addHelpText(
    'after',
    `\nExamples:\n  studyin cohort create --name "Year 2"\n  studyin cohort add --cohort ${EXAMPLE} --role instructor --user 0d3b6f6f-8f5e-4c7e-9b60-6f0c8e5e2a11 --reason "teaches year 2"\n  studyin cohort list`,
  );
}

type Named = Json & { readonly name: string; readonly cohort?: string };

function addCreate(cohort: Command, env: Env): void {
  cohort
    .command('create')
    .description('Make a cohort and print its id, or give one that there is another name.')
    .requiredOption('--name <text>', 'the group’s, not a person’s')
    .option('--cohort <uuid>', 'its id (default: a new one)', uuid)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExamples:\n  studyin cohort create --name "Year 2"\n  studyin cohort create --cohort ${EXAMPLE} --name "Year 3" --json`,
    )
    .action(async (options: Named) => {
      const { name, cohort: cohortId = null, ...json } = options;
      const { createCommand } = await import('./commands/cohort.ts');
      await createCommand({ config: envToConfig(env), output: outputOf(json, env) }, { name, cohortId });
    });
}

type Members = Json & {
  readonly cohort: string;
  readonly user: readonly string[];
  readonly role: 'learner' | 'instructor';
  readonly reason?: string;
};

function addAdd(cohort: Command, env: Env): void {
  cohort
    .command('add')
    .description('Put learners or instructors into a cohort, or give members another role.')
    .requiredOption('--cohort <uuid>', 'which', uuid)
    .requiredOption('--user <uuid>', 'whom; may be given several times', uuids)
    .addOption(new Option('--role <role>', 'what they are in it').choices(['learner', 'instructor']).default('learner'))
    .option('--reason <text>', 'why, for the access log; needed')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nThey need not have sent anything yet. Who was erased is left out.\n\nExamples:\n  studyin cohort add --cohort ${EXAMPLE} --user 0d3b6f6f-8f5e-4c7e-9b60-6f0c8e5e2a11 --reason "enrolled"`,
    )
    .action(async (options: Members) => {
      const { cohort: cohortId, user: userIds, role, reason = null, ...json } = options;
      const { addCommand } = await import('./commands/cohort.ts');
      const run = { config: envToConfig(env), output: outputOf(json, env) };
      await addCommand(run, { cohortId, members: userIds.map((userId) => ({ userId, role })), reason });
    });
}

function addRemove(cohort: Command, env: Env): void {
  cohort
    .command('remove')
    .description('Take members out of a cohort; their data stays.')
    .requiredOption('--cohort <uuid>', 'which', uuid)
    .requiredOption('--user <uuid>', 'whom; may be given several times', uuids)
    .option('--reason <text>', 'why, for the access log; needed')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExamples:\n  studyin cohort remove --cohort ${EXAMPLE} --user 0d3b6f6f-8f5e-4c7e-9b60-6f0c8e5e2a11 --reason "left the course"`,
    )
    .action(async (options: Omit<Members, 'role'>) => {
      const { cohort: cohortId, user: userIds, reason = null, ...json } = options;
      const { removeCommand } = await import('./commands/cohort.ts');
      await removeCommand({ config: envToConfig(env), output: outputOf(json, env) }, { cohortId, userIds, reason });
    });
}

type Page = Json & {
  readonly cohort?: string;
  readonly reason?: string;
  readonly limit: number;
  readonly cursor?: string;
};

function addList(cohort: Command, env: Env): void {
  cohort
    .command('list')
    .description('Show the cohorts, the newest first; with --cohort the members of one.')
    .option('--cohort <uuid>', 'whose members', uuid)
    .option('--reason <text>', 'why, for the access log; needed for members')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 500), 50)
    .option('--cursor <text>', 'go on where the page before ended')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExamples:\n  studyin cohort list\n  studyin cohort list --cohort ${EXAMPLE} --reason "who is enrolled" --json`,
    )
    .action(async (options: Page) => {
      const { cohort: cohortId = null, reason = null, limit, cursor = null, ...json } = options;
      const { listCommand } = await import('./commands/cohort-list.ts');
      const run = { config: envToConfig(env), output: outputOf(json, env) };
      await listCommand(run, { cohortId, reason, limit, cursor });
    });
}

function addDelete(cohort: Command, env: Env): void {
  cohort
    .command('delete')
    .description('Delete a cohort with its memberships; the data of its members stays.')
    .requiredOption('--cohort <uuid>', 'which', uuid)
    .option('--reason <text>', 'why, for the access log; needed')
    .addOption(jsonOption())
    .addHelpText('after', `\nExamples:\n  studyin cohort delete --cohort ${EXAMPLE} --reason "the year is over"`)
    .action(async (options: Json & { readonly cohort: string; readonly reason?: string }) => {
      const { cohort: cohortId, reason = null, ...json } = options;
      const { deleteCommand } = await import('./commands/cohort.ts');
      await deleteCommand({ config: envToConfig(env), output: outputOf(json, env) }, { cohortId, reason });
    });
}
