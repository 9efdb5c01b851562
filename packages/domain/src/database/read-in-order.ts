import type { Client } from 'pg';
import type { Sequelize } from 'sequelize';
import { withPooledConnection } from './pooled-connection.ts';
import { toDomainError } from './sql-errors.ts';
import { createStatementSender } from './statement-sender.ts';
import type { OnStatement } from './statement-times.ts';
import type { Reader } from './transaction.ts';

/**
 * Lends one connection of the pool to `fn`, outside a transaction. Its statements run in the order in which they are asked for,
 * each sent at once: those of one turn share one write, and each sees at least what those before it saw.
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
  const sender = createStatementSender(client, onStatement);
  try {
    return await fn({
      query: async <Row extends object>({ name, text }: { name: string; text: string }, values = []) => {
        const { rows } = await sender.ask(name, { name, text, values: [...values] });
        return rows as Row[]; // as: the caller says what its statement answers
      },
    });
  } finally {
    await sender.idle();
  }
}
