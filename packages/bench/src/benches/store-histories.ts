// Learners with a past, stored and derived before anything is measured.
import { groupLearners, loadHistory, updateLearners } from '@studyin/domain/services';
import type { BenchContext } from '../bench.ts';
import type { StudyHistory } from '../load/study-history.ts';
import { withApp } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';

const LANES = 2;
const ANSWERS_A_LOAD = 10_000;
const origin = { clientIp: null, deviceType: null };

export type Histories = {
  readonly database: Pick<BenchDatabase, 'run'>;
  /** Of the database. */
  readonly url: string;
  readonly userIds: readonly string[];
  readonly history: StudyHistory;
  /** Of each learner. */
  readonly answers: number;
};

/** Stores the past of learners and derives their rows. Whoever is there already keeps what they have. */
export async function storeHistories(
  { database, url, userIds, history, answers }: Histories,
  { signal, progress }: Pick<BenchContext, 'signal' | 'progress'>,
): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  // What it loses in a crash, the run loses anyway; whoever connects from here on until it is set back.
  await database.run(`alter database ${name} set synchronous_commit = off`);
  await withApp({ url, poolSize: LANES }, async (app) => {
    const learners = userIds.map((userId) => ({ userId, answers }));
    const load = async (loaded: readonly string[]): Promise<void> => {
      const items = loaded.flatMap((userId) => history.pastOf(userId).map((input) => ({ userId, input, origin })));
      await loadHistory(app, items);
    };
    const aLoad = Math.max(1, Math.floor(ANSWERS_A_LOAD / answers));
    const loads = Array.from({ length: Math.ceil(userIds.length / aLoad) }, (_, n) =>
      userIds.slice(n * aLoad, (n + 1) * aLoad),
    );
    const parts = { signal, progress };
    await inLanes(loads, load, { ...parts, name: 'histories stored' });
    const derive = async (group: readonly string[]): Promise<void> => void (await updateLearners(app, group));
    await inLanes(groupLearners(learners), derive, { ...parts, name: 'histories derived' });
  });
  await database.run(`alter database ${name} reset synchronous_commit`);
}

type Lanes = Pick<BenchContext, 'signal' | 'progress'> & { readonly name: string };

const SAY_EVERY_MS = 5_000;

async function inLanes(
  groups: readonly (readonly string[])[],
  use: (group: readonly string[]) => Promise<void>,
  { signal, progress, name }: Lanes,
): Promise<void> {
  const left = groups.values();
  let done = 0;
  let saidMs = performance.now();
  const lane = async (): Promise<void> => {
    for (const group of left) {
      signal.throwIfAborted();
      await use(group);
      done += group.length;
      if (performance.now() - saidMs < SAY_EVERY_MS) continue;
      saidMs = performance.now();
      progress(`${name}: ${done} of ${groups.reduce((sum, one) => sum + one.length, 0)} learners`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
