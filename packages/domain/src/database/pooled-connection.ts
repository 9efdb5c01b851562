// Connections of a Sequelize pool as the pg clients that they are.
import pg from 'pg';
import type { Client, ClientConfig } from 'pg';
import type { Sequelize } from 'sequelize';

// Sequelize listens only from the next turn of the event loop on. A server that dies as it takes a connection says so in the same
// piece of data, and an error that nobody hears ends the process. What became of the connection its next statement shows.
const hear = (): void => undefined;

/**
 * The driver that Sequelize is to use. Its clients send a statement at once, without waiting for the answer to the one before;
 * answers come in the same order. A statement after one that failed fails too, to the end of the transaction.
 */
export const pipeliningDriver = {
  ...pg,
  // Sequelize says `new`; what a constructor returns is the object.
  Client: function Client(config: ClientConfig): Client {
    return new pg.Client({ ...config, pipeline: true }).on('error', hear);
  },
};

/** Lends a connection of the pool, waiting for one where all are in use. */
export async function withPooledConnection<T>(sequelize: Sequelize, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await borrowConnection(sequelize);
  try {
    return await use(client);
  } finally {
    sequelize.connectionManager.releaseConnection(client);
  }
}

/** A connection of the pool, which whoever asked must release. */
export async function borrowConnection(sequelize: Sequelize): Promise<Client> {
  // as: Sequelize types its connections as object; with this dialect they are pg clients
  return (await sequelize.connectionManager.getConnection({ type: 'read' } as never)) as unknown as Client;
}

/** Runs what a pipelining client refuses because it answers in several steps; nothing else may be on its way. */
export async function withoutPipeline<T>(client: Client, run: () => Promise<T>): Promise<T> {
  // as: fixed when a client is made, says its type; with nothing on its way the field decides nothing but how the next is sent
  const mode = client as { pipeline: boolean };
  mode.pipeline = false;
  try {
    return await run();
  } finally {
    mode.pipeline = true;
  }
}
