// The files of a database cluster: made once, with one superuser whose password lies beside them.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, serverEnv } from './postmaster.ts';
import { giveToServer } from './server-home.ts';
import type { ServerHome } from './server-home.ts';

export const owner = 'studyin';

/** The superuser's password; random, made on the first call, in a file that only its owner reads. */
export function ownerPassword(home: ServerHome): string {
  const file = join(home.folder, 'password');
  if (!existsSync(file)) {
    const unfinished = `${file}.unfinished`;
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, randomBytes(24).toString('base64url'), { mode: 0o600 });
    giveToServer(unfinished, home.user, 0o600);
    renameSync(unfinished, file);
  }
  return readFileSync(file, 'utf8').trim();
}

function runInitdb(home: ServerHome, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(home.native, 'bin', 'initdb'), args, {
      cwd: '/',
      env: serverEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...home.user,
    });
    const output: string[] = [];
    const keep = (text: Buffer): number => output.push(text.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      const last = output.join('').trim().split('\n').at(-1);
      if (code === 0) resolve();
      else reject(new Error(`initdb failed (exit ${code}): ${last}`));
    });
  });
}

function checkVersion(home: ServerHome): void {
  const ofData = readFileSync(join(dataFolder(home), 'PG_VERSION'), 'utf8').trim();
  const ofBinaries = readFileSync(join(home.native, 'share', 'postgresql', 'postgres.bki'), 'utf8').slice(0, 40);
  if (!ofBinaries.startsWith(`# PostgreSQL ${ofData}\n`)) {
    throw new Error(`${dataFolder(home)} was made by PostgreSQL ${ofData}, the binaries are newer: remove the folder`);
  }
}

/** Makes the cluster if there is none. Made aside and renamed: an interrupted start leaves nothing half. */
export async function ensureCluster(home: ServerHome, durable: boolean): Promise<void> {
  if (existsSync(dataFolder(home))) return checkVersion(home);
  ownerPassword(home);
  const unfinished = join(home.folder, 'data.unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  giveToServer(unfinished, home.user, 0o700);
  const quick = durable ? [] : ['--no-sync', '--no-data-checksums'];
  await runInitdb(home, [
    `--pgdata=${unfinished}`,
    '--encoding=UTF8',
    '--locale=C',
    `--username=${owner}`,
    `--pwfile=${join(home.folder, 'password')}`,
    '--auth=scram-sha-256',
    '--no-instructions',
    ...quick,
  ]);
  renameSync(unfinished, dataFolder(home));
}
