// Tx is load-bearing: whatever writes or enqueues demands one, and only `Database.transaction` makes one.
import { Transaction } from 'sequelize';
import type { Sequelize } from 'sequelize';
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
      return await runOnce(sequelize, fn, options);
    } catch (error) {
      if (error instanceof RollbackWith) return error.value as T; // as: thrown only by `fn`, whose answer it carries
      if (attempt >= ATTEMPTS || !isRepeatable(error)) throw toDomainError(error);
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

/** A connection of the pool; give it back by `releaseClient`. */
export async function acquireClient({ connectionManager }: Sequelize): Promise<Client> {
  // as: Sequelize types its connections as object; with this dialect they are pg clients. No pool of ours tells reads from writes.
  return (await connectionManager.getConnection({ type: 'read' } as never)) as unknown as Client;
}

export function releaseClient({ connectionManager }: Sequelize, client: Client): void {
  connectionManager.releaseConnection(client); // does nothing for one that died meanwhile
}

// Begin and end are ours: Sequelize's own write to the console when they meet a connection that is dead.
async function runOnce<T>(sequelize: Sequelize, fn: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
  const client = await acquireClient(sequelize);
  const transaction = handleOf(sequelize, client);
  try {
    await client.query('begin');
    const answer = await fn(makeTx(client, transaction, options));
    await timed('transaction.commit', options.onStatement, () => commit(client));
    return answer;
  } catch (error) {
    await client.query('rollback').catch(async (problem: unknown) => {
      options.onRollbackFailed(problem);
      await sequelize.connectionManager.destroyConnection(client).catch(() => undefined);
    });
    throw error;
  } finally {
    transaction.finished = 'commit'; // whatever came of it: a model that is given it from here on is refused
    releaseClient(sequelize, client);
  }
}

/** What Sequelize's models take as the transaction of a connection. */
function handleOf(sequelize: Sequelize, client: Client): Transaction & { finished?: string } {
  // as: its types hide the constructor, and the two fields that a model's query looks at; a test uses a model in a transaction
  const Handle = Transaction as unknown as new (of: Sequelize, options: object) => Transaction;
  return Object.assign(new Handle(sequelize, {}), { connection: client });
}

/** After a statement that failed and was caught, PostgreSQL answers a commit by rolling back, without an error. */
async function commit(client: Client): Promise<void> {
  const { command } = await client.query('commit');
  if (command === 'COMMIT') return;
  throw new Error('a statement failed unnoticed, so that the transaction could not be committed');
}

function makeTx(client: Client, transaction: Transaction, { hashName, onStatement }: TransactionOptions): Tx {
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
