// Tx is load-bearing: whatever writes or enqueues demands one, and only `Database.transaction` makes one.
import { Transaction } from 'sequelize';
import type { Sequelize } from 'sequelize';
import type { Client } from 'pg';
import { copyIn } from './copy-in.ts';
import type { CopyRow } from './copy-in.ts';
import { withoutPipeline, withPooledConnection } from './pooled-connection.ts';
import { isRepeatable, sqlStateOf, toDomainError } from './sql-errors.ts';
import { createStatementSender } from './statement-sender.ts';
import type { StatementSender } from './statement-sender.ts';
import { timed } from './statement-times.ts';
import type { OnStatement } from './statement-times.ts';
import type { Statement } from './statement.ts';

declare const txBrand: unique symbol;

/** Reads rows by named prepared statements. Dates come as Date, `date` columns must be selected as text. */
export type Reader = {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<readonly Row[]>;
};

/**
 * An open transaction. Its statements run in the order in which they are asked for, and each is sent at once, whatever became of
 * those before: statements that do not need each other's rows share one round trip where only the last of them is waited for.
 */
export type Tx = Reader & {
  readonly [txBrand]: true;
  /** Runs a statement whose rows nobody needs, without waiting for it; what it throws, the commit throws. */
  send(statement: Statement, values: readonly unknown[]): void;
  /** For Sequelize models: `Model.findAll({ transaction: tx.sequelize })`. */
  readonly sequelize: Transaction;
  /** For libraries that bring their own SQL (the queue); prepared under the hash of its text. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
  /** The same without waiting, as `send`. */
  sendSql(text: string, values?: unknown[]): void;
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
const IN_FAILED_TRANSACTION = '25P02';
/** What the statements of libraries are called where a name is wanted; the only library is the queue. */
const QUEUE_STATEMENT = 'queue.statement';

/** Rows of one named statement on one connection. */
export async function queryOn<Row extends object>(
  client: Client,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const result = await client.query<Row>({ name, text, values: [...values] });
  return result.rows;
}

export type TransactionOptions = {
  readonly hashName: (text: string) => string;
  readonly onStatement?: OnStatement | undefined;
  /** Told of a rollback that could not be sent; the caller gets the error that led to it. */
  readonly onRollbackFailed: (error: unknown) => void;
};

/**
 * Runs `fn` in one transaction and commits. Serialisation failures, deadlocks and lock time-outs repeat the whole of it up to
 * three times with jitter, so `fn` must be free of effects outside the database. A `RollbackWith` undoes all and answers its value.
 */
export async function runTransaction<T>(
  sequelize: Sequelize,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withPooledConnection(sequelize, (client) => runOnce({ sequelize, client, ...options }, fn));
    } catch (error) {
      if (error instanceof RollbackWith) return error.value as T; // as: thrown only by `fn`, whose answer it carries
      if (attempt >= ATTEMPTS || !isRepeatable(error)) throw toDomainError(error);
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

type TxParts = TransactionOptions & { readonly sequelize: Sequelize; readonly client: Client };

// Begin and end are ours: they are sent with the statements, and Sequelize's write to the console when they meet a dead connection.
async function runOnce<T>(parts: TxParts, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const sender = createStatementSender(parts.client, parts.onStatement);
  const models = transactionOfModels(parts);
  sender.send('transaction.begin', { text: 'begin' });
  try {
    const answer = await fn(makeTx(parts, sender, models));
    await sender.commit();
    return answer;
  } catch (error) {
    await rollBack(parts, sender);
    // "The transaction is aborted" is said by what came after the statement that failed.
    throw sqlStateOf(error) === IN_FAILED_TRANSACTION ? sender.firstFailure() : error;
  } finally {
    models.finished = 'commit'; // whatever came of it: a model that is given it from here on is refused
  }
}

async function rollBack({ sequelize, client, onRollbackFailed }: TxParts, sender: StatementSender): Promise<void> {
  try {
    await sender.rollback();
  } catch (problem) {
    onRollbackFailed(problem);
    await sequelize.connectionManager.destroyConnection(client).catch(() => undefined);
  }
}

/** What Sequelize's models take as the transaction of a connection. */
function transactionOfModels({ sequelize, client }: TxParts): Transaction & { finished?: string } {
  // as: its types hide the constructor, and the two fields that a model's query looks at; a test uses a model in a transaction
  const Handle = Transaction as unknown as new (of: Sequelize, options: object) => Transaction;
  return Object.assign(new Handle(sequelize, {}), { connection: client });
}

function makeTx({ client, hashName, onStatement }: TxParts, sender: StatementSender, models: Transaction): Tx {
  const tx: Omit<Tx, typeof txBrand> = {
    sequelize: models,
    query: async <Row extends object>({ name, text }: Statement, values: readonly unknown[] = []) =>
      // as: the statement's own columns, as its caller knows them
      (await sender.ask(name, { name, text, values: [...values] })).rows as Row[],
    send: ({ name, text }, values) => sender.send(name, { name, text, values: [...values] }),
    executeSql: async (text, values = []) => ({
      rows: (await sender.ask(QUEUE_STATEMENT, { name: hashName(text), text, values })).rows,
    }),
    sendSql: (text, values = []) => sender.send(QUEUE_STATEMENT, { name: hashName(text), text, values }),
    copyIn: async (statement, rows) => {
      await sender.idle();
      return timed(statement.name, onStatement, () => withoutPipeline(client, () => copyIn(client, statement, rows)));
    },
  };
  return tx as Tx; // as: the brand has no value at run time; this is its only maker
}
