import type { Client } from 'pg';
import type { Sequelize } from 'sequelize';
import { withPooledConnection } from './pooled-connection.ts';
import { toDomainError } from './sql-errors.ts';
import { readOf, sendReads } from './read-message.ts';
import type { Read } from './read-message.ts';
import type { Statement } from './statement.ts';
import { createTiming } from './statement-sender.ts';
import type { OnStatement } from './statement-times.ts';
import type { Reader } from './transaction.ts';

/**
 * Lends one connection of the pool to `fn`, outside a transaction. Its statements run in the order in which they are asked for,
 * each sent at once: those of one turn as one message, and each sees at least what those before it saw. Of one message all fail after
 * one that did.
 */
export async function readInOrder<T>(
  sequelize: Sequelize,
  fn: (reader: Reader) => Promise<T>,
  onStatement: OnStatement | undefined,
): Promise<T> {
  try {
    return await withPooledConnection(sequelize, (client) => lendReader(client, fn, onStatement));
  } catch (error) {
    throw toDomainError(error);
  }
}

/** The same on a connection at hand; throws as pg does. Resolves when nothing is on its way any more. */
export async function lendReader<T>(
  client: Client,
  fn: (reader: Reader) => Promise<T>,
  onStatement: OnStatement | undefined,
): Promise<T> {
  const sender = createReadSender(client, onStatement);
  try {
    return await fn({
      // as: the caller says what its statement answers
      query: <Row extends object>(of: Statement, values: readonly unknown[] = []) =>
        sender.ask(of, values) as Promise<readonly Row[]>,
    });
  } finally {
    await sender.idle();
  }
}

type ReadSender = {
  ask(of: Statement, values: readonly unknown[]): Promise<readonly object[]>;
  idle(): Promise<void>;
};

function createReadSender(client: Client, onStatement: OnStatement | undefined): ReadSender {
  const timing = createTiming(onStatement);
  let turn: Read[] = [];
  let last = Promise.resolve();
  const send = (): void => {
    const reads = turn;
    turn = [];
    last = sendReads(client, reads);
  };
  return {
    ask: (of, values) =>
      new Promise((resolve, reject) => {
        const answered = timing(of.name);
        const read = readOf(of, values, {
          answer: (rows) => {
            answered();
            resolve(rows);
          },
          fail: (error) => {
            answered();
            reject(error);
          },
        });
        if (turn.push(read) === 1) process.nextTick(send);
      }),
    idle: async () => {
      // What was asked for in this turn has not been sent.
      if (turn.length > 0) await new Promise<void>((next) => process.nextTick(next));
      await last;
    },
  };
}
