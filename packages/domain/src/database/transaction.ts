// Tx is load-bearing: whatever writes or enqueues demands one, and only `Database.transaction` makes one.
import type { Sequelize, Transaction } from 'sequelize';
import type { Client } from 'pg';
import { copyIn } from './copy-in.ts';
import type { CopyRow } from './copy-in.ts';
import { isRepeatable, toDomainError } from './sql-errors.ts';
import type { Statement } from './statement.ts';

declare const txBrand: unique symbol;

/** Reads rows by named prepared statements. Dates come as Date, `date` columns must be selected as text. */
export type Reader = {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<readonly Row[]>;
};

/** An open transaction. */
export type Tx = Reader & {
  readonly [txBrand]: true;
  /** For Sequelize models: `Model.findAll({ transaction: tx.sequelize })`. */
  readonly sequelize: Transaction;
  /** For libraries that bring their own SQL (the queue); prepared under the hash of its text. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
  /** Streams rows through a `copy … from stdin` statement in text format; answers how many it took. */
  copyIn(statement: Statement, rows: Iterable<CopyRow>): Promise<number>;
};

/** Thrown inside a transaction to undo it and still answer. */
export class RollbackWith<T> extends Error {
  readonly value: T;
  constructor(value: T) {
    super('rolled back with an answer');
    this.value = value;
  }
}

const ATTEMPTS = 4;
/** What the statements of libraries are called where a name is wanted; the only library is the queue. */
const QUEUE_STATEMENT = 'queue.statement';

/** What a transaction calls its statements, and whom it tells of them. */
export type TxNames = {
  readonly hashName: (text: string) => string;
  readonly onStatement: OnStatement | undefined;
};

/** Why a wrapper: Sequelize keeps the pg client of a transaction in a field that its public types do not show. */
function clientOf(transaction: Transaction): Client {
  // as: the field exists in every 6.x release; a test opens a transaction and uses it
  const { connection } = transaction as unknown as { connection?: Client };
  if (connection === undefined) throw new Error('this Sequelize does not show the connection of a transaction');
  return connection;
}

/** Told of each statement's name and time, successful or not. */
export type OnStatement = (name: string, elapsedMs: number) => void;

/** Runs a statement and tells how long it took; with nobody to tell, nothing is measured. */
export async function timed<T>(name: string, onStatement: OnStatement | undefined, run: () => Promise<T>): Promise<T> {
  if (onStatement === undefined) return run();
  const started = performance.now();
  try {
    return await run();
  } finally {
    onStatement(name, performance.now() - started);
  }
}

/** Rows of one named statement on one connection. */
export async function queryOn<Row extends object>(
  client: Client,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const result = await client.query<Row>({ name, text, values: [...values] });
  return result.rows;
}

/**
 * Runs `fn` in one transaction and commits. Serialisation failures, deadlocks and lock time-outs repeat the whole of it up to
 * three times with jitter, so `fn` must be free of effects outside the database. A `RollbackWith` undoes all and answers its value.
 */
export async function runTransaction<T>(sequelize: Sequelize, fn: (tx: Tx) => Promise<T>, names: TxNames): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sequelize.transaction((transaction) => fn(makeTx(transaction, names)));
    } catch (error) {
      if (error instanceof RollbackWith) return error.value as T; // as: thrown only by `fn`, whose answer it carries
      if (attempt >= ATTEMPTS || !isRepeatable(error)) throw toDomainError(error);
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

function makeTx(transaction: Transaction, { hashName, onStatement }: TxNames): Tx {
  const client = clientOf(transaction);
  const tx: Omit<Tx, typeof txBrand> = {
    sequelize: transaction,
    query: (statement, values = []) => timed(statement.name, onStatement, () => queryOn(client, statement, values)),
    executeSql: (text, values = []) =>
      timed(QUEUE_STATEMENT, onStatement, async () => ({
        rows: (await client.query<object>({ name: hashName(text), text, values })).rows,
      })),
    copyIn: (statement, rows) => timed(statement.name, onStatement, () => copyIn(client, statement, rows)),
  };
  return tx as Tx; // as: the brand has no value at run time; this is its only maker
}
