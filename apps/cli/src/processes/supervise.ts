// A child process that is started again when it dies, until it is stopped.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@studyin/domain/errors';
import type { Env } from '@studyin/settings/read-settings';

export type ProcessOptions = {
  /** For people: `worker`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Env;
  /** Gets all that the process writes. */
  readonly logFile: string;
  /** The event that the process logs once it is ready. Not its port: somebody else may answer there. */
  readonly readyEvent: string;
  readonly onRestart: (line: string) => void;
};

export type SupervisedProcess = {
  /** SIGTERM, and SIGKILL for a process that has not ended by its own limit. Idempotent. */
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 30_000;
// Above the ten seconds in which both processes end by themselves.
const KILL_AFTER_MS = 11_000;
const RESTART_AFTER_MS = 500;
const RESTART_AT_MOST_MS = 10_000;

/** Resolves when the process is ready. Throws with the process's own last line when it ends before that. */
export async function superviseProcess(options: ProcessOptions): Promise<SupervisedProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const stopping = new AbortController();
  const state = { running: start(options) };
  await untilReady(state.running, options);
  const watching = keepAlive(state, options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await end(state.running);
      await watching;
    },
  };
}

type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
type Running = {
  readonly child: ChildProcess;
  readonly startedAtMs: number;
  readonly ended: Promise<Ending>;
  /** The line of the ready event was seen. */
  readonly ready: Promise<null>;
  readonly lastLine: () => string;
};

function start({ args, env, logFile, readyEvent }: ProcessOptions): Running {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  let tail = '';
  child.stderr.on('data', (text: Buffer) => {
    tail = (tail + text.toString()).slice(-2_000);
  });
  const ended = new Promise<Ending>((done) => {
    child.once('error', () => done({ code: 1, signal: null }));
    child.once('close', (code, signal) => {
      log.end();
      done({ code, signal });
    });
  });
  const ready = sawEvent(child.stdout, readyEvent);
  return { child, startedAtMs: performance.now(), ended, ready, lastLine: () => tail.trim().split('\n').at(-1) ?? '' };
}

function sawEvent(stream: Readable, event: string): Promise<null> {
  return new Promise((done) => {
    let unread = '';
    const look = (text: Buffer): void => {
      unread += text.toString();
      if (!unread.includes(`"event":"${event}"`)) return;
      stream.off('data', look);
      done(null);
    };
    stream.on('data', look);
  });
}

async function untilReady(running: Running, { name, logFile }: ProcessOptions): Promise<void> {
  const timeout = new AbortController();
  const tooLate = sleep(READY_WITHIN_MS, 'late' as const, { signal: timeout.signal }).catch(() => 'late' as const);
  const outcome = await Promise.race([running.ready, running.ended, tooLate]);
  timeout.abort();
  if (outcome === null) return;
  if (outcome === 'late') {
    await end(running);
    throw new DomainError('unavailable', `The ${name} was not ready after ${READY_WITHIN_MS / 1000} s (${logFile}).`);
  }
  throw new DomainError(
    'unavailable',
    running.lastLine() || `The ${name} ended with ${describe(outcome)} (${logFile}).`,
  );
}

async function keepAlive(state: { running: Running }, options: ProcessOptions, stopping: AbortSignal): Promise<void> {
  for (let delayMs = RESTART_AFTER_MS; ; delayMs = Math.min(delayMs * 2, RESTART_AT_MOST_MS)) {
    const { running } = state;
    const ending = await running.ended;
    // A signal to the whole group ends the child a moment before this process hears of it.
    if (performance.now() - running.startedAtMs > RESTART_AT_MOST_MS) delayMs = RESTART_AFTER_MS;
    await sleep(delayMs, null, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    options.onRestart(`the ${options.name} ended (${describe(ending)}) and is started again`);
    state.running = start(options);
  }
}

async function end({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(killing);
}

function describe({ code, signal }: Ending): string {
  return signal ?? `exit code ${code ?? 'unknown'}`;
}
