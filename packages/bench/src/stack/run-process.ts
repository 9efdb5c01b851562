import { spawn } from 'node:child_process';
import { childEnv } from '@studyin/devkit/processes/child-env';
import type { Env } from '@studyin/devkit/processes/child-env';
import { highestRssMb } from './process-figures.ts';

export type RunOptions = {
  /** For people: `nightly`. */
  readonly name: string;
  /** Everything after `node`. */
  readonly args: readonly string[];
  readonly env: Env;
  /** Aborted, the process gets SIGTERM. */
  readonly signal: AbortSignal;
};

export type Ran = {
  /** The last line of its standard output. */
  readonly lastLine: string;
  readonly rssMb: number | null;
};

const LOOK_EVERY_MS = 200;

/** Runs a child to its end. Throws, with its last words, where that is not exit code 0. */
export function runProcess({ name, args, env, signal }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: childEnv(env), signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let words = '';
    let rssMb: number | null = null;
    const looking = setInterval(() => {
      rssMb = child.pid === undefined ? null : (highestRssMb(child.pid) ?? rssMb);
    }, LOOK_EVERY_MS);
    child.stdout.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-100_000)));
    child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-2_000)));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(looking);
      if (code === 0) resolve({ lastLine: output.trim().split('\n').at(-1) ?? '', rssMb });
      else reject(new Error(`${name} ended with ${code ?? 'a signal'}: ${words.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}
