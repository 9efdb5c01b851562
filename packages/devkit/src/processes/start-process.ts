// A child of a bench or a crash test: a script of the workspace as a process of its own, ended by its starter and by nobody else.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { childEnv } from './child-env.ts';
import type { Env } from './child-env.ts';

export type ProcessOptions = {
  /** For people: `API`. */
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  /** Options of Node.js itself. */
  readonly nodeArgs?: readonly string[];
  /** All of its environment. */
  readonly env: Env;
  /** The event of the log line that says it is ready; the line's `url` is where it listens. */
  readonly readyEvent: string;
  /** Gets what it writes to standard error; where absent that is only quoted when it does not start. */
  readonly errorFile?: string;
};

/** How a process ended; one of the two is null. */
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type StartedProcess = {
  readonly name: string;
  readonly pid: number;
  /** Where it listens; empty where it does not. */
  readonly url: string;
  readonly ended: Promise<Ending>;
  /** Sends a signal; does nothing when it has ended. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after eleven seconds. */
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 30_000;
const KILL_AFTER_MS = 11_000;
// Ends the process when its starter is gone, however that died: no run may leave processes behind.
const leash = pathToFileURL(join(import.meta.dirname, `leash${extname(import.meta.filename)}`)).href;

/** Resolves when it is ready; throws, with its last words, when it ends before that or takes too long. */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { name, script, args = [], nodeArgs = [], env } = options;
  const command = [...nodeArgs, '--conditions=@studyin/source', '--import', leash, script, ...args];
  const errors = options.errorFile === undefined ? null : openSync(options.errorFile, 'a');
  const child = spawn(process.execPath, command, { env: childEnv(env), stdio: ['pipe', 'pipe', errors ?? 'pipe'] });
  if (errors !== null) closeSync(errors);
  const words = options.errorFile === undefined ? keepLastWords(child) : () => `see ${options.errorFile}`;
  const ended = endOf(child);
  try {
    const { pid } = child;
    const url = await untilReady(child, options);
    if (pid === undefined) throw new Error(`the ${name} has no process`);
    return {
      name,
      pid,
      url,
      ended,
      signal: (signal) => void child.kill(signal),
      stop: () => endChild(child, ended),
    };
  } catch (error) {
    await endChild(child, ended);
    throw new Error(`the ${name} did not start: ${words()}`, { cause: error });
  }
}

function keepLastWords({ stderr }: ChildProcess): () => string {
  let tail = '';
  stderr?.on('data', (text: Buffer) => {
    tail = (tail + text.toString()).slice(-2_000);
  });
  return () => tail.trim().split('\n').at(-1) ?? '';
}

async function endOf(child: ChildProcess): Promise<Ending> {
  child.stdin?.on('error', () => undefined); // it ended before the leash was let go
  await once(child, 'close').catch(() => undefined);
  return { code: child.exitCode, signal: child.signalCode };
}

async function endChild(child: ChildProcess, ended: Promise<Ending>): Promise<void> {
  child.kill('SIGCONT'); // one that is stopped would hear nothing
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(killing);
}

/** The `url` of the ready line, or an empty text. What comes after it is read and thrown away, so that no pipe fills up. */
function untilReady(child: ChildProcess, { readyEvent }: ProcessOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error('not ready in time')), READY_WITHIN_MS);
    let unread = '';
    const look = (text: Buffer): void => {
      unread += text.toString();
      const line = unread.split('\n').find((one) => one.includes(`"event":"${readyEvent}"`) && one.endsWith('}'));
      if (line === undefined) return;
      clearTimeout(tooLate);
      child.stdout?.off('data', look).resume();
      resolve(/"url":"([^"]+)"/.exec(line)?.[1] ?? '');
    };
    child.stdout?.on('data', look);
    child.once('close', () => {
      clearTimeout(tooLate);
      reject(new Error('ended'));
    });
    child.once('error', reject);
  });
}
