// The command line on a database of the run, started as `pnpm studyin` starts it.
import { join } from 'node:path';
import { cliNodeArgs } from '@studyin/devkit/processes/cli-node-args';
import type { Env } from '@studyin/devkit/processes/child-env';
import type { BenchContext } from '../bench.ts';
import { keys, role } from './bench-database.ts';
import { runProcess } from './run-process.ts';
import type { Ran } from './run-process.ts';

export type CommandOptions = {
  readonly url: string;
  /** The command and its arguments; `--json` is added. */
  readonly command: readonly [string, ...string[]];
  /** Further options of Node.js, and settings. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Env;
};

/** Runs `studyin <command> --json` to its end. Throws as `runProcess`. */
export function runCommand(
  { root, folder, signal }: Pick<BenchContext, 'root' | 'folder' | 'signal'>,
  { url, command, nodeArgs = [], env = {} }: CommandOptions,
): Promise<Ran> {
  const script = join(root, 'apps/cli/src/main.ts');
  return runProcess({
    name: `studyin ${command[0]}`,
    args: [...cliNodeArgs, '--conditions=@studyin/source', ...nodeArgs, script, ...command, '--json'],
    env: {
      DATABASE_URL: url,
      STUDYIN_ROLE: role,
      STUDYIN_HOME: folder,
      STUDYIN_TOKEN_SECRET: keys.token,
      STUDYIN_SESSION_KEY: keys.session,
      STUDYIN_SUBJECT_KEY: keys.subject,
      ...env,
    },
    signal,
  });
}
