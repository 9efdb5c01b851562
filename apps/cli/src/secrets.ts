// Keys and the token secret, generated once for a checkout: stored session ids and tokens stay valid between starts.
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@studyin/domain/errors';
import { z } from 'zod';
import type { Config } from './config.ts';

export type Secrets = { readonly tokenSecret: string; readonly sessionKey: string; readonly subjectKey: string };

const secret = z.string().min(32);
const settingsFile = z.object({ tokenSecret: secret, sessionKey: secret, subjectKey: secret });

/** Those of the environment, else those of `settings.json` in the home folder, which is made (mode 0600) when it is first needed. */
export function loadSecrets({ home, given }: Pick<Config, 'home' | 'given'>): Secrets {
  const { tokenSecret, sessionKey, subjectKey } = given;
  if (tokenSecret !== undefined && sessionKey !== undefined && subjectKey !== undefined) {
    return { tokenSecret, sessionKey, subjectKey };
  }
  const file = join(home, 'settings.json');
  const kept = readSettings(file) ?? makeSettings(home, file);
  return {
    tokenSecret: tokenSecret ?? kept.tokenSecret,
    sessionKey: sessionKey ?? kept.sessionKey,
    subjectKey: subjectKey ?? kept.subjectKey,
  };
}

function readSettings(file: string): Secrets | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new DomainError('misconfigured', `${file} cannot be read.`, { cause: error });
  }
  try {
    return settingsFile.parse(JSON.parse(text));
  } catch (error) {
    const advice = 'repair it; without it, stored session ids change and tokens end';
    throw new DomainError('misconfigured', `${file} does not hold the three secrets; ${advice}.`, { cause: error });
  }
}

function makeSettings(home: string, file: string): Secrets {
  const made = { tokenSecret: newSecret(), sessionKey: newSecret(), subjectKey: newSecret() };
  mkdirSync(home, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file); // fails where another process was first, and its secrets are the ones
    return made;
  } catch {
    return readSettings(file) ?? made;
  } finally {
    rmSync(draft, { force: true });
  }
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}
