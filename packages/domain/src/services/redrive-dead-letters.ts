import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { findBacklog, jobContracts } from '../jobs/index.ts';
import { listDead } from '../stores/dead-letter-store.ts';
import type { DeadLetter } from '../stores/dead-letter-store.ts';

export type RedriveOptions = {
  /** The queue that the jobs failed in; all queues where absent. */
  readonly queue?: string | undefined;
  /** How many at most, oldest first. */
  readonly limit: number;
};

export type Redriven = {
  readonly queue: string;
  readonly jobs: number;
  /** Dead letters that are settled without: a job with the same key is waiting already and does their work. */
  readonly waitingAlready: number;
};

/** The queue moves at most so many in one call. */
const CALL_LIMIT = 1_000;

/**
 * Sends dead letters to the queues they failed in, oldest first; answers how many, by queue. They get a full set of tries again.
 * May be broken off and repeated. Throws `invalid` for a queue that there is not.
 */
export async function redriveDeadLetters(
  app: Pick<App, 'database' | 'jobs'>,
  { queue, limit }: RedriveOptions,
): Promise<readonly Redriven[]> {
  const redriven: Redriven[] = [];
  let left = limit;
  for (const contract of contractsOf(queue)) {
    const one = await redriveQueue(app, contract, left);
    left -= one.jobs;
    redriven.push(one);
  }
  return redriven;
}

async function redriveQueue(
  { database, jobs }: Pick<App, 'database' | 'jobs'>,
  contract: Contract,
  limit: number,
): Promise<Redriven> {
  const countDead = async (): Promise<number> => (await findBacklog(database.reader, contract)).dead;
  let dead = await countDead();
  let [moved, settled] = [0, 0];
  while (moved < limit && dead > 0) {
    const batch = await jobs.boss.redrive(contract.queue.deadLetter, { limit: Math.min(limit - moved, CALL_LIMIT) });
    const after = await countDead();
    moved += batch;
    settled += Math.max(0, dead - after - batch);
    if (after >= dead) break; // what is left cannot be sent
    dead = after;
  }
  return { queue: contract.name, jobs: moved, waitingAlready: settled };
}

/** Dead letters, oldest first: which job of which queue, for whom, since when and by what kind of error. */
export function listDeadLetters(
  { database }: Pick<App, 'database'>,
  { queue, limit }: RedriveOptions,
): Promise<readonly DeadLetter[]> {
  return listDead(
    database.reader,
    contractsOf(queue).map(({ name, queue: settings }) => ({ queue: name, deadLetter: settings.deadLetter })),
    limit,
  );
}

type Contract = (typeof jobContracts)[number];

function contractsOf(queue: string | undefined): readonly Contract[] {
  if (queue === undefined) return jobContracts;
  const found = jobContracts.filter(({ name }) => name === queue);
  if (found.length > 0) return found;
  const names = jobContracts.map(({ name }) => name).join(', ');
  throw new DomainError('invalid', `There is no queue ${queue}; there are ${names}.`);
}
