import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';
import type { JobContract } from './contracts.ts';

/** What a queue has not finished yet. */
export type Backlog = {
  /** Waiting for a worker, those that will be tried again among them. */
  readonly waiting: number;
  /** In the hands of a worker. */
  readonly active: number;
  /** Given up after the last try; they lie in the dead letters until an operator sends them again. */
  readonly dead: number;
  /** Age of the oldest that is waiting or active; 0 where there is none. */
  readonly oldestSeconds: number;
};

const backlogOf = statement(
  'jobs.find_backlog',
  `select
    count(*) filter (where name = $1 and state in ('created', 'retry'))::int as waiting,
    count(*) filter (where name = $1 and state = 'active')::int as active,
    count(*) filter (where name = $2)::int as dead,
    coalesce(extract(epoch from now() - min(created_on) filter (where name = $1)), 0)::float8 as "oldestSeconds"
  from pgboss.job
  where name in ($1, $2)
    and state < 'completed'`,
);

/** Counts the unfinished jobs of a queue. All zero: every job that was committed before this call has been worked. */
export async function findBacklog(
  reader: Reader,
  { name, queue }: Pick<JobContract, 'name' | 'queue'>,
): Promise<Backlog> {
  const [row] = await reader.query<Backlog>(backlogOf, [name, queue.deadLetter]);
  if (row === undefined) throw new Error(`${backlogOf.name} returned no row`);
  return row;
}
