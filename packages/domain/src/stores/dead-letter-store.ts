import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type DeadLetter = {
  readonly queue: string;
  readonly id: string;
  /** The job's ids: a learner, or a step and a day. */
  readonly data: Readonly<Record<string, unknown>>;
  /** When it was given up. */
  readonly since: string;
  /** The error's kind, never its text; null where none was kept. */
  readonly error: string | null;
};

const selectDead = statement(
  'dead_letter.list',
  `select q.queue, j.id, j.data, to_char(j.created_on at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
    j.source_output ->> 'name' as error
  from unnest($1::text[], $2::text[]) as q (queue, dead)
  join pgboss.job j on j.name = q.dead and j.state < 'completed'
  order by j.created_on, j.id
  limit $3`,
);

/** Jobs that were given up in these queues, oldest first. */
export function listDead(
  reader: Reader,
  queues: readonly { readonly queue: string; readonly deadLetter: string }[],
  limit: number,
): Promise<readonly DeadLetter[]> {
  return reader.query<DeadLetter>(selectDead, [
    queues.map(({ queue }) => queue),
    queues.map(({ deadLetter }) => deadLetter),
    limit,
  ]);
}
