// The command line as a process of its own, with a home folder that is removed afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

const main = resolve(import.meta.dirname, '../src/main.ts');

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output as JSON; null where it is none. */
  readonly json: unknown;
};

export type Settings = Readonly<Record<string, string | undefined>>;

export type Home = {
  readonly folder: string;
  /** Writes a file into the folder and answers its path. */
  write(name: string, text: string): string;
  start(args: readonly string[], settings?: Settings): ReturnType<typeof startStudyin>;
  run(args: readonly string[], settings?: Settings): Promise<Ended>;
  remove(): void;
};

/** A home folder, and the settings that every command in it gets. */
export function makeHome(common: Settings = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), 'studyin-cli-'));
  const start = (args: readonly string[], settings: Settings = {}) =>
    startStudyin(args, { ...common, STUDYIN_HOME: folder, ...settings });
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    start,
    run: (args, settings) => start(args, settings).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A home whose commands work on the database of a test, under its keys. */
export function homeOf({ database }: TestDomain, more: Settings = {}): Home {
  return makeHome({
    DATABASE_URL: database.url,
    STUDYIN_SESSION_KEY: testKeys.session,
    STUDYIN_SUBJECT_KEY: testKeys.subject,
    ...more,
  });
}

function startStudyin(args: readonly string[], settings: Settings) {
  const child = spawn(process.execPath, ['--conditions=@studyin/source', main, ...args], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output.stderr += text.toString()));
  const ended = once(child, 'close').then(([code]): Ended => ({
    ...output,
    code: code as number | null,
    json: lastJson(output.stdout),
  })); // as: documented by node
  return { child, output, ended };
}

function lastJson(text: string): unknown {
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return null;
  }
}
