import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { ensureMonthlyPartitions } from '../stores/partition-store.ts';

/**
 * Makes the partitions of the facts from 23 months back to three ahead where they are missing, and runs `inSameTx` last in the
 * same transaction. Idempotent; answers how many tables were made.
 */
export async function ensurePartitions(
  app: Pick<App, 'database'>,
  inSameTx: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  return app.database.transaction(async (tx) => {
    const made = await ensureMonthlyPartitions(tx);
    await inSameTx(tx);
    return made;
  });
}
