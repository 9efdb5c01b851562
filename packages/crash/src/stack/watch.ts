// What the owner sees and does in the database while the processes work.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, statement } from '@studyin/domain/database';
import type { Statement } from '@studyin/domain/database';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import type { Backlog } from '@studyin/domain/jobs';

export type ActiveJob = { readonly id: string; readonly retryCount: number };

export type Watch = {
  /** Since when a login's session of that name has been in a transaction; null where it is in none. */
  findTransaction(login: string, applicationName: string): Promise<string | null>;
  findBacklog(): Promise<Backlog>;
  listActiveJobs(): Promise<readonly ActiveJob[]>;
  /** Later tries of jobs, over all of them. */
  countRetries(): Promise<number>;
  /** Payloads of jobs that were given up. */
  listDead(): Promise<readonly unknown[]>;
  /** Which of these logins have a session. */
  listConnected(logins: readonly string[]): Promise<readonly string[]>;
  /** What the queue's clock would do in five minutes to jobs that have been in hand for so long. */
  ageHeartbeats(inHandMs: number): Promise<void>;
  /** Ends every session of these logins; answers how many there were. */
  cutConnections(logins: readonly string[]): Promise<number>;
  /** Runs a statement without parameters. */
  run(text: string): Promise<void>;
  /** Rows, asked again for a while where the database does not answer. */
  ask<Row extends object>(asked: Statement, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
};

const findTransaction = statement(
  'crash.find_transaction',
  `select xact_start::text as since
  from pg_stat_activity
  where usename = $1 and application_name = $2 and xact_start is not null
  order by xact_start
  limit 1`,
);
const listActive = statement(
  'crash.list_active',
  `select id::text, retry_count as "retryCount" from pgboss.job where name = $1 and state = 'active'`,
);
const countRetries = statement(
  'crash.count_retries',
  `select coalesce(sum(retry_count), 0)::int as retries from pgboss.job where name = $1`,
);
const listDead = statement('crash.list_dead', `select data from pgboss.job where name = $1`);
const listConnected = statement(
  'crash.list_connected',
  `select distinct usename as login from pg_stat_activity where usename = any($1::text[])`,
);
const ageHeartbeats = statement(
  'crash.age_heartbeats',
  `update pgboss.job
  set heartbeat_on = heartbeat_on - interval '5 minutes'
  where name = $1 and state = 'active' and started_on < now() - $2 * interval '1 ms'`,
);
const cutAll = statement(
  'crash.cut_connections',
  `select count(*) filter (where pg_terminate_backend(pid))::int as cut from pg_stat_activity where usename = any($1::text[])`,
);

const ASK_AGAIN_FOR_MS = 15_000;

export function openWatch(url: string): Watch {
  const database = connect({ url, poolSize: 2, applicationName: 'studyin-crash', statementTimeoutMs: 60_000 });
  const ask: Watch['ask'] = async <Row extends object>(asked: Statement, values: readonly unknown[] = []) => {
    for (const deadline = performance.now() + ASK_AGAIN_FOR_MS; ; await sleep(50)) {
      try {
        return await database.reader.query<Row>(asked, values);
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  };
  const { name, queue } = updateLearnerJob;
  return {
    ask,
    findTransaction: async (...session) => (await ask<{ since: string }>(findTransaction, session))[0]?.since ?? null,
    findBacklog: () => findBacklog({ query: ask }, updateLearnerJob),
    listActiveJobs: () => ask<ActiveJob>(listActive, [name]),
    countRetries: async () => (await ask<{ retries: number }>(countRetries, [name]))[0]?.retries ?? 0,
    listDead: async () => (await ask<{ data: unknown }>(listDead, [queue.deadLetter])).map(({ data }) => data),
    listConnected: async (logins) => (await ask<{ login: string }>(listConnected, [logins])).map(({ login }) => login),
    ageHeartbeats: async (inHandMs) => void (await ask(ageHeartbeats, [name, inHandMs])),
    cutConnections: async (logins) => (await ask<{ cut: number }>(cutAll, [logins]))[0]?.cut ?? 0,
    run: async (text) => void (await database.sequelize.query(text)),
    close: () => database.close(),
  };
}
