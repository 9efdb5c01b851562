// The server process and its `postmaster.pid`: line 1 the process, 4 the port, 8 the state.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, hasEnded, isAlive } from './processes.ts';
import type { ServerHome } from './server-home.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const maxLogBytes = 10_000_000;
const readyTimeoutMs = 60_000;

export function dataFolder(home: ServerHome): string {
  return join(home.folder, 'data');
}

/** The environment of the binaries: nothing of ours, so that no PG… or LC_… variable of a shell changes the server. */
export const serverEnv: NodeJS.ProcessEnv = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export function readPostmaster(home: ServerHome): Postmaster | null {
  const file = join(dataFolder(home), 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 ? { pid, port, isReady: lines[7]?.trim() === 'ready' } : null;
}

function isServerOf(home: ServerHome, pid: number): boolean {
  if (!isAlive(pid)) return false;
  const command = commandLine(pid);
  return command === null || command.includes(dataFolder(home));
}

/** The server that runs on the folder, once it takes connections; null if there is none or it ends meanwhile. */
export async function findRunning(home: ServerHome): Promise<Postmaster | null> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const postmaster = readPostmaster(home);
    if (postmaster === null || !isServerOf(home, postmaster.pid)) return null;
    if (postmaster.isReady) return postmaster;
    if (performance.now() > deadline) throw new Error(`the server of ${home.folder} hangs (process ${postmaster.pid})`);
    await sleep(20);
  }
}

/**
 * Makes what a killed server left harmless. Its `postmaster.pid` stays: through it the new server finds the old one's
 * shared memory and waits for the last of its children. Only the number is replaced: another process may bear it by now,
 * or the dead server itself, whom nobody has reaped yet, and PostgreSQL takes both for a server that runs.
 */
export function disarmDeadFiles(home: ServerHome): void {
  const file = join(dataFolder(home), 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid, ...rest] = readFileSync(file, 'utf8').split('\n');
  const isComplete = Number(pid) > 0 && rest.length > 5;
  const neverAProcess = '99999999';
  writeFileSync(file, [neverAProcess, ...(isComplete ? rest : [dataFolder(home), '0', '0', '', '', ''])].join('\n'));
}

export function logFile(home: ServerHome): string {
  return join(home.folder, 'server.log');
}

/** The last complaint in the server's log, for an error message. */
export function lastComplaint(home: ServerHome): string {
  const lines = readFileSync(logFile(home), 'utf8').split('\n');
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR|error while loading/.test(line));
  return complaint ?? lines.findLast((line) => line !== '') ?? 'no word in its log';
}

/**
 * Starts the server and resolves when it takes connections, to null if it ended before that.
 * In a process group of its own: Ctrl-C in a terminal must not reach the server before its users are done.
 */
export async function launch(home: ServerHome, settings: readonly string[]): Promise<Postmaster | null> {
  const log = logFile(home);
  if (existsSync(log) && statSync(log).size > maxLogBytes) truncateSync(log);
  const descriptor = openSync(log, 'a');
  const child = spawn(join(home.native, 'bin', 'postgres'), ['-D', dataFolder(home), ...settings], {
    cwd: '/',
    env: serverEnv,
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    ...home.user,
  });
  closeSync(descriptor);
  child.unref();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  return Promise.race([failed, becomesReady(home, child)]);
}

async function becomesReady(
  home: ServerHome,
  child: { readonly pid?: number | undefined; readonly exitCode: number | null; readonly signalCode: string | null },
): Promise<Postmaster | null> {
  const deadline = performance.now() + readyTimeoutMs;
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = readPostmaster(home);
    if (postmaster !== null && postmaster.pid === child.pid && postmaster.isReady) return postmaster;
    if (performance.now() > deadline) throw new Error(`PostgreSQL did not get ready, see ${logFile(home)}`);
    await sleep(10);
  }
  return null;
}

/** A fast shutdown; sessions still open are ended, nothing committed is lost. Does nothing if the server is gone. */
export async function shutDown(home: ServerHome, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (readPostmaster(home)?.pid !== pid || !isServerOf(home, pid)) return;
    process.kill(pid, signal);
    if (await hasEnded(pid, 30_000)) return;
  }
}
