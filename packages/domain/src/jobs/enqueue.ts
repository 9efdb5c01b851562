// The outbox: a job is sent in the transaction that makes it necessary, or not at all.
import type { Tx } from '../database/index.ts';
import type { JobContract } from './contracts.ts';
import type { Jobs } from './create-jobs.ts';

/**
 * Enqueues one job per payload in `tx`. A job whose key is queued already is not sent again: that loses nothing only because
 * writer and worker hold the learner's row, so whoever sees the queued job also sees this transaction's rows.
 *
 * Resolves when the statement is sent; what it throws, the commit throws.
 */
export async function enqueue<Payload extends object>(
  jobs: Pick<Jobs, 'boss'>,
  tx: Tx,
  { job, payloads }: { job: JobContract<Payload>; payloads: readonly Payload[] },
): Promise<void> {
  if (payloads.length === 0) return;
  const executeSql = async (text: string, values?: unknown[]): Promise<{ rows: object[] }> => {
    tx.sendSql(text, values);
    return { rows: [] }; // nobody asks for the ids
  };
  await jobs.boss.insert(
    job.name,
    payloads.map((data) => ({ data, singletonKey: job.singletonKey(data) })),
    { db: { executeSql } },
  );
}
