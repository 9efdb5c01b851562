// Reading much of one instant: a transaction that only reads, on one snapshot, whose rows stream out by COPY.
import type { Client } from 'pg';
import type { Sequelize } from 'sequelize';
import { to as copyTo } from 'pg-copy-streams';
import { withoutPipeline, withPooledConnection } from './pooled-connection.ts';
import { toDomainError } from './sql-errors.ts';
import { statement } from './statement.ts';
import type { Statement } from './statement.ts';
import { queryOn } from './transaction.ts';
import type { Reader } from './transaction.ts';

export type Snapshot = Reader & {
  /** Hands the bytes of a `copy … to stdout` statement to `take` as the server sends them; it waits while they are not taken. */
  copyOut(statement: Statement, take: (bytes: Buffer) => Promise<void>): Promise<void>;
};

export type SnapshotOptions = {
  /** For each statement, the time in which its rows are taken included. */
  readonly statementTimeoutMs: number;
  /** Settings of the transaction: COPY takes no parameters, so its statements read them by `current_setting`. */
  readonly settings: Readonly<Record<string, string>>;
};

const CHUNK_BYTES = 65_536;

const set = statement('snapshot.set', `select set_config($1, $2, true)`);

/** Runs `fn` on one snapshot of the database. Never repeated, since what was read may have gone on its way already. */
export async function runSnapshot<T>(
  sequelize: Sequelize,
  fn: (snapshot: Snapshot) => Promise<T>,
  { statementTimeoutMs, settings }: SnapshotOptions,
): Promise<T> {
  try {
    return await withPooledConnection(sequelize, async (client) => {
      try {
        const answer = await readOn(client, fn, { statementTimeoutMs, settings });
        await client.query('commit');
        return answer;
      } catch (error) {
        // It may be in the midst of rows that nobody takes any more; an orderly end would wait for them.
        client.connection.stream.destroy();
        await sequelize.connectionManager.destroyConnection(client).catch(() => undefined);
        throw error;
      }
    });
  } catch (error) {
    throw toDomainError(error);
  }
}

async function readOn<T>(
  client: Client,
  fn: (snapshot: Snapshot) => Promise<T>,
  { statementTimeoutMs, settings }: SnapshotOptions,
): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  const all = { ...settings, statement_timeout: String(statementTimeoutMs) };
  for (const setting of Object.entries(all)) await queryOn(client, set, setting);
  return fn({
    query: (one, values = []) => queryOn(client, one, values),
    copyOut: ({ text }, take) =>
      withoutPipeline(client, async () => {
        const rows = client.query(copyTo(text, { highWaterMark: CHUNK_BYTES }));
        for await (const bytes of rows as AsyncIterable<Buffer>) await take(bytes); // as: a stream of bytes
      }),
  });
}
