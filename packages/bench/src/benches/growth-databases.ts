// Two databases of one server: the same active learners with the same histories in both, and simulated learners who are at rest.
import { join } from 'node:path';
import { signTokens } from '@studyin/devkit/sign-tokens';
import { loadHistory } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';
import { createAttemptSource, learnerId } from '../load/attempt-source.ts';
import { wireItem } from '../load/prepare-calls.ts';
import { keys, role, startBenchDatabase, withApp } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { runProcess } from '../stack/run-process.ts';

export type GrowthDatabases = {
  readonly server: BenchDatabase;
  readonly small: { readonly url: string };
  readonly large: { readonly url: string };
  /** Of the active learners, by number. */
  readonly tokens: readonly string[];
  /** For people: what is in them. */
  readonly description: string;
};

const TIMES_LARGER = 10;
const EVENTS_A_LEARNER = 100;
const MOST_ACTIVE = 1_000;
const ANSWERS_OF_AN_ACTIVE = 40;

/** Makes both for the time of `use`; `size` is the number of events in the large one. */
export async function withGrowthDatabases<T>(
  context: BenchContext,
  use: (databases: GrowthDatabases) => Promise<T>,
): Promise<T> {
  const { folder, size, progress } = context;
  const sizes = { small: Math.round(size / TIMES_LARGER), large: size };
  const active = Math.max(1, Math.min(MOST_ACTIVE, Math.floor(sizes.small / EVENTS_A_LEARNER)));
  progress('starting PostgreSQL');
  const server = await startBenchDatabase(folder);
  try {
    progress(`histories of ${active} active learners`);
    await withApp({ url: server.url, poolSize: 1 }, (app) => loadHistory(app, historyOf(active)));
    const small = { url: server.url };
    const large = { url: await server.copy('studyin_large') };
    const rest = (events: number): number => Math.max(1, events - active * ANSWERS_OF_AN_ACTIVE);
    await generate(context, small.url, rest(sizes.small));
    await generate(context, large.url, rest(sizes.large));
    const ids = Array.from({ length: active }, (_, learner) => learnerId(learner));
    const tokens = await signTokens(ids, { secret: keys.token, role: 'learner' });
    const description = `${sizes.small} and ${sizes.large} events, ${active} active learners in both`;
    return await use({ server, small, large, tokens, description });
  } finally {
    await server.stop();
  }
}

function historyOf(active: number) {
  const source = createAttemptSource({ seed: 'growth/history', learners: active, nowMs: Date.now() });
  const origin = { clientIp: '127.0.0.0', deviceType: 'other' };
  return Array.from({ length: active }, () => source.next(ANSWERS_OF_AN_ACTIVE)).flatMap(({ learner, attempts }) =>
    attempts.map((attempt) => ({ userId: learnerId(learner), input: wireItem(attempt), origin })),
  );
}

async function generate({ root, folder, signal, progress }: BenchContext, url: string, events: number): Promise<void> {
  const users = Math.max(1, Math.round(events / EVENTS_A_LEARNER));
  progress(`${events} events of ${users} learners at rest`);
  const command = ['generate', '--events', String(events), '--users', String(users), '--json'];
  await runProcess({
    name: 'studyin generate',
    args: ['--conditions=@studyin/source', join(root, 'apps/cli/src/main.ts'), ...command],
    env: {
      DATABASE_URL: url,
      STUDYIN_ROLE: role,
      STUDYIN_HOME: folder,
      STUDYIN_TOKEN_SECRET: keys.token,
      STUDYIN_SESSION_KEY: keys.session,
      STUDYIN_SUBJECT_KEY: keys.subject,
    },
    signal,
  });
}
