// Databases with histories in them, derived rows included: filled once, and where the run keeps them, used again by the next.
import { join } from 'node:path';
import { withFolderLock } from '@studyin/devkit/postgres-server/folder-lock';
import { isMarkAlive, processMark } from '@studyin/devkit/postgres-server/processes';
import { prepareDatabase } from '@studyin/devkit/prepared-database';
import { serverFolderOf } from '@studyin/devkit/processes/run-folder';
import { listMigrations } from '@studyin/domain/database';
import { loadHistory } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';
import { createAttemptSource, learnerId } from '../load/attempt-source.ts';
import { wireItem } from '../load/prepare-calls.ts';
import { keys, withApp } from './bench-database.ts';
import { startBenchServer } from './bench-server.ts';
import type { BenchServer, ServedDatabase } from './bench-server.ts';
import { runCommand } from './run-command.ts';

export type Filling = {
  readonly events: number;
  /** Learners that the load generator knows by number; all others are at rest. */
  readonly active: number;
};

export const EVENTS_A_LEARNER = 100;
const MOST_ACTIVE = 1_000;
const ANSWERS_OF_AN_ACTIVE = 40;
/** A tenth of the learners at rest, so that a database of a tenth of the events has room for the same. */
const EVENTS_AN_ACTIVE = 10 * EVENTS_A_LEARNER;

/** How many learners are active in a database of so many events. */
export function activeOf(events: number): number {
  return Math.max(1, Math.min(MOST_ACTIVE, Math.floor(events / EVENTS_AN_ACTIVE)));
}

/**
 * Gives `use` a copy of each filled database, all of one server. The fillings themselves are made where they are missing, and
 * stay for the next run where the run keeps them: by size, and by the schema of this checkout.
 */
export function withFilledDatabases<T>(
  context: BenchContext,
  fillings: readonly Filling[],
  use: (server: FilledServer) => Promise<T>,
): Promise<T> {
  const { keep, folder } = context;
  if (keep === null) return onServer(context, { directory: serverFolderOf(folder), fillings }, use);
  // Two runs on one server would measure each other.
  return withFolderLock(join(keep, 'run'), () => onServer(context, { directory: keep, fillings }, use));
}

export type FilledServer = {
  /** In the order asked for. */
  readonly databases: readonly ServedDatabase[];
  readonly checkpoint: () => Promise<void>;
};

type Wanted = { readonly directory: string; readonly fillings: readonly Filling[] };

async function onServer<T>(
  context: BenchContext,
  { directory, fillings }: Wanted,
  use: (server: FilledServer) => Promise<T>,
): Promise<T> {
  context.progress('starting PostgreSQL');
  const server = await startBenchServer(directory);
  const copies: string[] = [];
  try {
    await dropLeftOver(server);
    const databases: ServedDatabase[] = [];
    for (const [place, filling] of fillings.entries()) {
      const source = await fill(context, server, filling);
      const name = `copy_${processMark().replace('-', '_')}_${place}`;
      context.progress(`copying ${filling.events} events`);
      copies.push(name);
      databases.push(await copyOf(server, source, name));
    }
    return await use({ databases, checkpoint: () => server.admin('checkpoint') });
  } finally {
    for (const name of copies) await server.drop(name);
    await server.stop();
  }
}

async function copyOf(server: BenchServer, source: string, name: string): Promise<ServedDatabase> {
  const copy = await server.copy(source, name, { asFiles: true });
  await prepareDatabase({ url: copy.url, keys }); // partitions of the months since it was filled
  return copy;
}

const MARK = /^copy_(\d+)_(\d+)_\d+$/;

/** Copies of runs that were killed, and fillings of schemas before this one. */
async function dropLeftOver(server: BenchServer): Promise<void> {
  const schema = await schemaOf();
  for (const name of await server.list()) {
    const mark = MARK.exec(name);
    const isDeadCopy = mark !== null && !isMarkAlive(`${mark[1]}-${mark[2]}`);
    const filledSchema = /^fill(?:ed|ing)_\d+_\d+_(\d{4})$/.exec(name)?.[1];
    if (!isDeadCopy && (filledSchema === undefined || filledSchema >= schema)) continue;
    if (!isDeadCopy) await server.admin(`alter database ${name} is_template false`);
    await server.drop(name);
  }
}

/** The number of the last migration: they only go forward. */
async function schemaOf(): Promise<string> {
  return (await listMigrations()).at(-1)?.slice(0, 4) ?? '0000';
}

/** Answers the name of the filled database. One that was broken off goes on where it was. */
async function fill(context: BenchContext, server: BenchServer, { events, active }: Filling): Promise<string> {
  const key = `${events}_${active}_${await schemaOf()}`;
  const [filled, filling] = [`filled_${key}`, `filling_${key}`];
  const names = await server.list();
  if (names.includes(filled)) return filled;
  if (!names.includes(filling)) await server.admin(`create database ${filling}`);
  // What it loses in a crash, the next run fills again.
  await server.admin(`alter database ${filling} set synchronous_commit = off`);
  const database = server.named(filling);
  await prepareDatabase({ url: database.url, keys });
  context.progress(`histories of ${active} active learners`);
  await withApp({ url: database.url, poolSize: 1 }, (app) => loadHistory(app, historyOf(active)));
  await generate(context, database.url, Math.max(1, events - active * ANSWERS_OF_AN_ACTIVE));
  await database.run('vacuum (analyze)');
  await server.admin(`alter database ${filling} reset synchronous_commit`);
  await server.admin(`alter database ${filling} rename to ${filled}`);
  await server.admin(`alter database ${filled} is_template true`);
  return filled;
}

function historyOf(active: number) {
  const source = createAttemptSource({ seed: 'growth/history', learners: active, nowMs: Date.now() });
  const origin = { clientIp: '127.0.0.0', deviceType: 'other' };
  return Array.from({ length: active }, () => source.next(ANSWERS_OF_AN_ACTIVE)).flatMap(({ learner, attempts }) =>
    attempts.map((attempt) => ({ userId: learnerId(learner), input: wireItem(attempt), origin })),
  );
}

async function generate(context: BenchContext, url: string, events: number): Promise<void> {
  const users = Math.max(1, Math.round(events / EVENTS_A_LEARNER));
  context.progress(`${events} events of ${users} learners at rest`);
  await runCommand(context, { url, command: ['generate', '--events', String(events), '--users', String(users)] });
}
