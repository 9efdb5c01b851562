import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

const ensureMonths = statement('partition.ensure', `select ensure_partitions(now()) as made`);

/** Makes the months that are missing around now; answers how many tables that were. */
export async function ensureMonthlyPartitions(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ made: number }>(ensureMonths);
  return row?.made ?? 0;
}
