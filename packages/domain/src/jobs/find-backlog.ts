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

export type QueueBacklog = Backlog & { readonly queue: string };

const backlogs = statement(
  'jobs.list_backlogs',
  `select q.queue,
    count(j.id) filter (where j.name = q.queue and j.state in ('created', 'retry'))::int as waiting,
    count(j.id) filter (where j.name = q.queue and j.state = 'active')::int as active,
    count(j.id) filter (where j.name = q.dead)::int as dead,
    coalesce(extract(epoch from now() - min(j.created_on) filter (where j.name = q.queue)), 0)::float8 as "oldestSeconds"
  from unnest($1::text[], $2::text[]) as q (queue, dead)
  left join pgboss.job j on j.name in (q.queue, q.dead) and j.state < 'completed'
  group by q.queue
  order by q.queue`,
);

/** The unfinished jobs of several queues, each by its name. */
export function listBacklogs(
  reader: Reader,
  contracts: readonly Pick<JobContract, 'name' | 'queue'>[],
): Promise<readonly QueueBacklog[]> {
  const names = contracts.map(({ name }) => name);
  return reader.query<QueueBacklog>(backlogs, [names, contracts.map(({ queue }) => queue.deadLetter)]);
}
