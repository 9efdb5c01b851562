import type { Sequelize } from 'sequelize';
import { lendReader } from './read-in-order.ts';
import type { OnStatement } from './statement-times.ts';
import { borrowConnection } from './pooled-connection.ts';
import type { Reader } from './transaction.ts';

/**
 * Opens as many connections as the pool may have and lends each to `use`, all at the same time: the first who reads on one then
 * waits neither for it to open nor for its server to read the catalogue and plan. Never throws: a connection that could not be
 * opened, or on which `use` failed, shows at the statement that wants it.
 */
export async function openConnections(
  sequelize: Sequelize,
  use: (reader: Reader) => Promise<void>,
  { count, onStatement }: { readonly count: number; readonly onStatement: OnStatement | undefined },
): Promise<void> {
  // All are held before one is used, or the first to open would be lent twice.
  const asked = await Promise.allSettled(Array.from({ length: count }, () => borrowConnection(sequelize)));
  const clients = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await Promise.allSettled(clients.map((client) => lendReader(client, use, onStatement)));
  for (const client of clients) sequelize.connectionManager.releaseConnection(client);
}
