import { resolve } from 'node:path';
import { openRunFolder } from '@studyin/devkit/processes/run-folder';
import { crashHelp, parseCrashArguments } from './arguments.ts';
import type { CrashCommand } from './arguments.ts';
import { runCrashTest } from './run-crash-test.ts';
import { scenes } from './scenes/scenes.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Does what the command line asks for, and sets the exit code. What stops the test is one line on standard error. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const command = parseCrashArguments(args, scenes);
    if (command.kind === 'help') process.stdout.write(crashHelp(scenes));
    else if (!(await run(command))) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`crash: ${wordsOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** An error and the reason beneath all others. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  let deepest: Error = error;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return error.message.includes(deepest.message) ? error.message : `${error.message} (${deepest.message})`;
}

/** Answers whether every promise was kept. */
async function run({ options, json }: CrashCommand & { readonly kind: 'run' }): Promise<boolean> {
  const startedMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedMs) / 100) / 10;
  const say = (line: string): void => void process.stderr.write(`${seconds().toFixed(1).padStart(6)} s  ${line}\n`);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => ending.abort(new Error(`ended by ${signal}`)));
  }
  const late = new Error(`not done within ${options.seconds} s`);
  const tooLong = setTimeout(() => ending.abort(late), options.seconds * 1_000);
  const folder = await openRunFolder(root, 'crash');
  try {
    const report = await runCrashTest({ root, folder: folder.path, signal: ending.signal, say }, options);
    for (const line of report.broken) say(`✘ ${line}`);
    if (!json) say(report.ok ? '✔ every promise was kept' : '✘ the promises above were broken');
    const { ok, ...result } = report;
    process.stdout.write(`${JSON.stringify({ ...result, seconds: seconds() })}\n`);
    return ok;
  } finally {
    clearTimeout(tooLong);
    await folder.remove();
  }
}
