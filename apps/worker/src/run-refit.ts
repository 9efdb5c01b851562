import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, resolve } from 'node:path';
import type { Refit } from '@studyin/domain/services';
import type { Env } from '@studyin/settings/read-settings';

const script = resolve(import.meta.dirname, `processes/refit${extname(import.meta.filename)}`);

/** Makes a version of the mastery model in a process of its own, by default with this one's settings. Throws where it fails. */
export async function runRefit(env?: Env): Promise<Refit> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [...process.execArgv, script], { env, stdio: [...stdio] });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]; // as: documented by node
  if (code !== 0) throw new Error(`the process that fits the mastery model ended with ${signal ?? String(code)}`);
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as Refit; // as: printed by our own script, below its log
}
