import type { Database } from './connect.ts';

export type PoolUse = {
  /** Connections that are open. */
  readonly size: number;
  /** Of these, not in anybody's hands. */
  readonly idle: number;
  /** Callers who wait for one. */
  readonly waiting: number;
};

/** How a pool is used at this moment. */
export function poolUseOf({ sequelize }: Pick<Database, 'sequelize'>): PoolUse {
  // as: Sequelize's types do not show its pool; a test reads it
  const { pool } = sequelize.connectionManager as unknown as {
    readonly pool: { readonly size: number; readonly available: number; readonly waiting: number };
  };
  return { size: pool.size, idle: pool.available, waiting: pool.waiting };
}
