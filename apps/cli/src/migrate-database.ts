import { migrate } from '@studyin/domain/database';
import { installQueues } from '@studyin/domain/jobs';

export type MigratedDatabase = {
  readonly applied: readonly string[];
  /** False where the login may not make roles. */
  readonly roles: boolean;
};

/** Schema, roles, partitions and queues, as owner. Idempotent. */
export async function migrateDatabase(url: string, log: (line: string) => void): Promise<MigratedDatabase> {
  const migrated = await migrate({ url, log });
  await installQueues({ url, log });
  return migrated;
}
