// The only maker of connections. Every connection has its role, its time zone and its time-outs from the first byte on.
import { createHash } from 'node:crypto';
import { Sequelize } from 'sequelize';
import { openConnections } from './open-connections.ts';
import { pipeliningDriver, withPooledConnection } from './pooled-connection.ts';
import { readOn } from './read-message.ts';
import { readInOrder } from './read-in-order.ts';
import { readServerAddress } from './server-address.ts';
import { runSnapshot } from './snapshot.ts';
import type { Snapshot, SnapshotOptions } from './snapshot.ts';
import { toDomainError } from './sql-errors.ts';
import { timed } from './statement-times.ts';
import type { OnStatement } from './statement-times.ts';
import { runTransaction } from './transaction.ts';
import type { Reader, Tx } from './transaction.ts';
import type { Statement } from './statement.ts';

/** The role that may delete a learner, and do little else. */
export const ERASER_ROLE = 'studyin_eraser';

/** All rows of a large table of one learner are deleted at once. */
const ERASE_MS = 600_000;

export type ConnectOptions = {
  /** With TLS where it says so, see `readServerAddress`. */
  readonly url: string;
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** A NOLOGIN role to become, such as `studyin_runtime`; the login's own rights where absent. */
  readonly role?: string | undefined;
  readonly applicationName: string;
  /** Default 15,000. */
  readonly statementTimeoutMs?: number;
  /** Default 5,000. */
  readonly lockTimeoutMs?: number;
  /**
   * Plans each statement once for all values, instead of five times for those of a call first: where many months are searched,
   * planning costs more than the search. Ranges given as parameters still keep months closed.
   */
  readonly planOnce?: boolean;
  /** Keeps connections open that nobody has used for a while; otherwise they are closed after 30 seconds. */
  readonly keepOpen?: boolean;
  /** How long a caller waits for a connection of the pool. Default 5,000. */
  readonly acquireTimeoutMs?: number;
  /** Told of each statement's name and time, successful or not; those of transactions and their commit among them. */
  readonly onStatement?: OnStatement | undefined;
  /** Told of a transaction's rollback that could not be sent, its connection being dead; the caller gets the error before it. */
  readonly onRollbackFailed?: (error: unknown) => void;
};

export type Database = {
  readonly sequelize: Sequelize;
  /** Reads outside a transaction, each on a connection of the pool. */
  readonly reader: Reader;
  /** Reads in the order asked for, on one connection; see `readInOrder`. */
  inOrder<T>(fn: (reader: Reader) => Promise<T>): Promise<T>;
  /** Opens all connections of the pool, see `openConnections`. */
  open(use: (reader: Reader) => Promise<void>): Promise<void>;
  /** See `runTransaction`: repeats on deadlock, maps an unreachable database to `unavailable`. */
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads much of one instant; see `runSnapshot`. */
  snapshot<T>(fn: (snapshot: Snapshot) => Promise<T>, options: SnapshotOptions): Promise<T>;
  close(): Promise<void>;
};

/** Server options every connection of the product starts with, for libraries that open their own. */
export function sessionOptions({
  role,
  statementTimeoutMs = 15_000,
  lockTimeoutMs = 5_000,
  planOnce = false,
}: Pick<ConnectOptions, 'role' | 'statementTimeoutMs' | 'lockTimeoutMs' | 'planOnce'>): string {
  const settings = {
    ...(role === undefined ? {} : { role }),
    timezone: 'UTC',
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: 15_000,
    ...(planOnce ? { plan_cache_mode: 'force_generic_plan' } : {}),
  };
  return Object.entries(settings)
    .map(([key, value]) => `-c ${key}=${String(value)}`)
    .join(' ');
}

// The session's zone comes with its options: without this Sequelize sets a nameless one on every connection. Its types lack it.
const keepSessionZone = { keepDefaultTimezone: true };

/**
 * Opens a pool. Connects lazily: a database that is down shows at the first statement, as `unavailable`, and is used again
 * when it is back. Close it, or the process stays alive.
 */
export function connect(options: ConnectOptions): Database {
  const { url, poolSize = 10, applicationName, acquireTimeoutMs = 5_000, onStatement, keepOpen = false } = options;
  const { onRollbackFailed = () => undefined } = options;
  const address = readServerAddress(url);
  const sequelize = new Sequelize(address.url, {
    dialect: 'postgres',
    dialectModule: pipeliningDriver,
    logging: false,
    timezone: '+00:00',
    ...keepSessionZone,
    dialectOptions: {
      application_name: applicationName,
      options: sessionOptions(options),
      connectionTimeoutMillis: acquireTimeoutMs,
      keepAlive: true,
      ssl: address.ssl,
    },
    pool: { max: poolSize, min: keepOpen ? poolSize : 0, idle: 30_000, acquire: acquireTimeoutMs, evict: 10_000 },
    define: { timestamps: false, underscored: true, freezeTableName: true },
  });
  const hashName = createHashNames();
  return {
    sequelize,
    reader: {
      query: (statement, values = []) =>
        timed(statement.name, onStatement, () => readOnPool(sequelize, statement, values)),
    },
    inOrder: (fn) => readInOrder(sequelize, fn, onStatement),
    open: (use) => openConnections(sequelize, use, { count: poolSize, onStatement }),
    transaction: (fn) => runTransaction(sequelize, fn, { hashName, onStatement, onRollbackFailed }),
    snapshot: (fn, snapshotOptions) => runSnapshot(sequelize, fn, snapshotOptions),
    close: () => sequelize.close(),
  };
}

/** Names texts of statements that have no name of their own. */
function createHashNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `b${createHash('md5').update(text).digest('hex')}`;
    names.set(text, name);
    return name;
  };
}

/** Opens one connection as who may erase learners; as the login itself where the process keeps to that too. */
export function connectEraser({ role, ...options }: Omit<ConnectOptions, 'poolSize' | 'statementTimeoutMs'>): Database {
  return connect({
    ...options,
    role: role === undefined ? undefined : ERASER_ROLE,
    poolSize: 1,
    statementTimeoutMs: ERASE_MS,
  });
}

async function readOnPool<Row extends object>(
  sequelize: Sequelize,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  try {
    return await withPooledConnection(sequelize, (client) => readOn<Row>(client, statement, values));
  } catch (error) {
    throw toDomainError(error);
  }
}
