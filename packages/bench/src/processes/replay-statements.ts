// The limit of the night: the statements of a recording by pg alone, on another copy of the same database. Nothing is computed.
import { sessionOptions } from '@studyin/domain/database';
import pg from 'pg';
import { role } from '../stack/bench-database.ts';
import { readRecording, splitBySteps } from '../benches/nightly-recording.ts';
import type { RecordedUnit } from '../benches/nightly-recording.ts';

/** As many as the product's night works with. */
const LANES = 2;
const LONGEST_MS = 1_800_000;

export type Replayed = { readonly seconds: number; readonly transactions: number; readonly statements: number };

async function replay(file: string, url: string): Promise<Replayed> {
  const units = readRecording(file);
  const parts = splitBySteps(units);
  const options = sessionOptions({ role, statementTimeoutMs: LONGEST_MS });
  const clients = Array.from({ length: LANES }, () => new pg.Client({ connectionString: url, options }));
  for (const client of clients) await client.connect();
  const startedMs = performance.now();
  for (const part of parts) {
    const left = part.values();
    await Promise.all(clients.map((client) => replayLane(client, left)));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  for (const client of clients) await client.end();
  return { seconds, transactions: units.length, statements: units.reduce((sum, unit) => sum + unit.length, 0) };
}

async function replayLane(client: pg.Client, left: Iterator<RecordedUnit>): Promise<void> {
  for (let unit = left.next(); unit.done !== true; unit = left.next()) {
    for (const { name, text, values } of unit.value) {
      await client.query(name === undefined ? { text, values: [...values] } : { name, text, values: [...values] });
    }
  }
}

const [file, url] = process.argv.slice(2);
if (file === undefined || url === undefined) throw new Error('a recording and a database are needed');
process.stdout.write(`${JSON.stringify(await replay(file, url))}\n`);
