// Runs one bench on a stack of its own and ends with one line of JSON.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { openRunFolder } from '@studyin/devkit/processes/run-folder';
import { benchHelp, parseBenchArguments } from './arguments.ts';
import type { BenchCommand } from './arguments.ts';
import { benches } from './benches/benches.ts';
import { jsonLineOf, tableOf } from './report.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Does what the command line asks for, and sets the exit code. Whatever fails is one line on standard error. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const command = parseBenchArguments(args, benches);
    if (command.kind === 'help') process.stdout.write(benchHelp(benches));
    else await runBench(command);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function runBench({ bench, options, json, keep }: BenchCommand & { readonly kind: 'run' }): Promise<void> {
  const startedMs = performance.now();
  const progress = (line: string): void => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0).padStart(4);
    if (!json) process.stderr.write(`${seconds} s  ${bench.name}: ${line}\n`);
  };
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => ending.abort(new Error(`ended by ${signal}`)));
  }
  const folder = await openRunFolder(root, 'bench');
  try {
    const context = { ...options, root, folder: folder.path, keep, signal: ending.signal, progress };
    const result = await bench.run(context);
    const report = { bench, options, result, commit: currentCommit() };
    if (!json) process.stdout.write(`\n${tableOf(report)}\n\n`);
    process.stdout.write(`${jsonLineOf(report)}\n`);
  } finally {
    await folder.remove();
  }
}

/** With a plus where files differ from it; `unknown` outside of a checkout. */
function currentCommit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short=10', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
