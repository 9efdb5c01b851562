// A process of `generate`: does one task after the other until its parent has no more.
import { simulateHistory } from '@studyin/devkit/simulator/simulate-history';
import { statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { loadHistory, updateLearners } from '@studyin/domain/services';
import type { App, RecordItem } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';
import { historyOptionsOf } from './generation.ts';
import type { PartAnswer, PartResult, PartTask } from './part-task.ts';

const LANES = 2;
const nothing = { learners: 0, events: 0, attempts: 0 };
const origin = { clientIp: null, deviceType: null };

const selectKnown = statement(
  'cli.known_learners',
  `select user_id as "userId"
  from learners
  where user_id = any($1::uuid[])`,
);

/** Answers each message with the result of its task, until the parent ends it. */
export async function generatePart(config: Config): Promise<void> {
  const { databaseUrl: url, role } = config;
  if (url === null) throw new DomainError('misconfigured', 'DATABASE_URL is not set.');
  process.on('SIGINT', () => undefined); // a terminal sends it to the whole group; the parent ends this process
  await withApp({ url, role, secrets: loadSecrets(config), readsAll: true }, async (app) => {
    process.on('message', (task: PartTask) => {
      void answer(app, task).then((given) => (process.connected ? process.send?.(given) : false));
    });
    await new Promise((done) => process.once('disconnect', done).once('SIGTERM', done));
  });
  process.exit(0);
}

async function answer(app: App, task: PartTask): Promise<PartAnswer> {
  try {
    return { ok: true, result: task.kind === 'load' ? await load(app, task) : await derive(app, task.groups) };
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, code: error instanceof DomainError ? error.code : 'internal', message };
  }
}

type LoadTask = Extract<PartTask, { readonly kind: 'load' }>;

async function load(app: App, { generation, histories }: LoadTask): Promise<PartResult> {
  const rows = await app.database.reader.query<{ userId: string }>(selectKnown, [
    histories.map(({ userId }) => userId),
  ]);
  const known = new Set(rows.map(({ userId }) => userId));
  const options = historyOptionsOf(generation);
  const items = histories
    .filter(({ userId }) => !known.has(userId))
    .flatMap((planned): readonly RecordItem[] => {
      const { userId, events } = simulateHistory(options, planned);
      return events.map((input) => ({ userId, input, origin }));
    });
  const loaded = items.length === 0 ? nothing : await loadHistory(app, items);
  return { done: histories.reduce((sum, { size }) => sum + size, 0), loaded };
}

async function derive(app: App, groups: readonly (readonly string[])[]): Promise<PartResult> {
  const next = groups.values();
  const lane = async (): Promise<void> => {
    for (const userIds of next) await updateLearners(app, userIds);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { done: groups.flat().length, loaded: nothing };
}
