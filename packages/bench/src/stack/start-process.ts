// A child of a bench: a script of the workspace as a process of its own, ended by the bench and by nobody else.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { childEnv } from './child-env.ts';
import type { Env } from './child-env.ts';

export type ProcessOptions = {
  /** For people: `API`. */
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  /** All of its environment. */
  readonly env: Env;
  /** The event of the log line that says it is ready; the line's `url` is where it listens. */
  readonly readyEvent: string;
};

export type StartedProcess = {
  readonly name: string;
  readonly pid: number;
  /** Where it listens; empty where it does not. */
  readonly url: string;
  /** SIGTERM, and SIGKILL after eleven seconds. */
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 30_000;
const KILL_AFTER_MS = 11_000;

/** Resolves when it is ready; throws, with its last words, when it ends before that or takes too long. */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { name, script, args = [], env } = options;
  const command = ['--conditions=@studyin/source', script, ...args];
  const child = spawn(process.execPath, command, { env: childEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const words = keepLastWords(child);
  const ended = endOf(child);
  try {
    const { pid } = child;
    const url = await untilReady(child, options);
    if (pid === undefined) throw new Error(`the ${name} has no process`);
    return { name, pid, url, stop: () => endChild(child, ended) };
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

async function endOf(child: ChildProcess): Promise<void> {
  await once(child, 'close').catch(() => undefined);
}

async function endChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
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
