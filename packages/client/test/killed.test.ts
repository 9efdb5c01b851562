// A process that tracks is killed at a random moment, again and again. `STUDYIN_KILLS=1000` says how often; default 50.
// `STUDYIN_KILL_SEED` plans the same kills and failing calls again, but not the machine's part in them; default: others each time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createClient } from '@studyin/client';
import { fileStorage } from '@studyin/client/file-storage';
import { createDice } from '@studyin/testkit/dice';
import { createActLedger } from './act-ledger.ts';
import type { ActLedger } from './act-ledger.ts';
import { startScriptedServer } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';

const kills = Number(process.env['STUDYIN_KILLS'] ?? 50);
const seed = Number(process.env['STUDYIN_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Processes that use one folder at the same time. */
const LIVING = 3;

const child = fileURLToPath(new URL('killed-child.ts', import.meta.url));

describe(`a client killed at a random moment, ${kills} times (seed ${seed})`, function () {
  // ten times what it takes on a machine of two cores with nothing else to do
  this.timeout(60_000 + kills * 1500);
  let folder: string;
  let ledger: ActLedger;
  let server: ScriptedServer;

  beforeEach(async () => {
    // in memory where there is such a place: a kill spares what the system has not written yet
    folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'studyin-killed-'));
    ledger = createActLedger({ failing: 0.15, dice: createDice(seed) });
    server = await startScriptedServer(ledger.script);
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts the n-th process, kills it, and returns the acts that it told were captured. */
  async function killOne(n: number): Promise<readonly string[]> {
    // its own: several live at the same time, and take turns as they like
    const dice = createDice(seed + n);
    const args = ['--conditions=@studyin/source', child, server.url, folder, String(seed + n)];
    const victim = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(victim, 'close');
    let told = '';
    let plan: Promise<void> | null = null;
    const killAfter = async (ms: number): Promise<void> => {
      await sleep(ms);
      victim.kill('SIGKILL');
    };
    // by what it has done, not by the clock: how long that takes is the machine's affair
    const lines = dice.int(0, 39);
    if (lines === 0) plan = killAfter(dice.next() * 300);
    victim.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (told.split('\n').length > lines) plan ??= killAfter(dice.next() * 15);
    });
    const [, signal] = (await closed) as readonly unknown[]; // as: what `close` tells, a code and a signal
    expect(signal).equal('SIGKILL');
    await plan;
    // without what the kill cut off
    return told
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== 'ready');
  }

  it('gets each captured act there exactly once', async () => {
    const captured: string[] = [];
    let left = kills;
    const killInTurn = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        captured.push(...(await killOne(left)));
      }
    };
    await Promise.all(Array.from({ length: LIVING }, killInTurn));
    const before = captured.filter((act) => ledger.arrived.has(act)).length;

    const last = createClient({ url: server.url, token: 'a.b.c', storage: fileStorage({ folder }) });
    expect(await last.flush({ timeoutMs: 30_000 })).deep.equal({ waiting: 0 });
    await last.close();

    const missing = captured.filter((act) => !ledger.arrived.has(act));
    const doubled = [...ledger.arrived].filter(([, ids]) => ids.size !== 1);
    if (process.env['STUDYIN_KILLS'] !== undefined) {
      const numbers = { captured: captured.length, leftToTheLast: captured.length - before };
      console.log({
        kills,
        ...numbers,
        arrived: ledger.arrived.size,
        repeated: ledger.repeated(),
        missing: missing.length,
        doubled: doubled.length,
      });
    }
    expect({ missing, doubled }).deep.equal({ missing: [], doubled: [] });
    expect(captured.length).above(kills * 5);
    expect(ledger.repeated()).above(0);
    expect(readdirSync(folder)).deep.equal([]);
  });
});
