// Reading much of one instant: a transaction that only reads, on one snapshot, whose rows stream out by COPY.
import type { Sequelize } from 'sequelize';
import { to as copyTo } from 'pg-copy-streams';
import { toDomainError } from './sql-errors.ts';
import { statement } from './statement.ts';
import type { Statement } from './statement.ts';
import { acquireClient, queryOn, releaseClient } from './transaction.ts';
import type { Reader } from './transaction.ts';

export type Snapshot = Reader & {
  /**
   * The bytes of a `copy … to stdout` statement, as the server sends them: it waits while they are not taken. One at a time, and
   * read to its end.
   */
  copyOut(statement: Statement): AsyncIterable<Buffer>;
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
    const client = await acquireClient(sequelize);
    try {
      await client.query('begin isolation level repeatable read read only');
      const all = { ...settings, statement_timeout: String(statementTimeoutMs) };
      for (const setting of Object.entries(all)) await queryOn(client, set, setting);
      const answer = await fn({
        query: (one, values = []) => queryOn(client, one, values),
        copyOut: ({ text }) => client.query(copyTo(text, { highWaterMark: CHUNK_BYTES })),
      });
      await client.query('commit');
      return answer;
    } catch (error) {
      // it may be in the midst of rows that nobody takes any more
      await sequelize.connectionManager.destroyConnection(client).catch(() => undefined);
      throw error;
    } finally {
      releaseClient(sequelize, client);
    }
  } catch (error) {
    throw toDomainError(error);
  }
}
