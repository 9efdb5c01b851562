// Queues are made from their contracts by the owner. pg-boss ignores changed options of an existing queue and can never change
// its policy, so options are updated here and a policy that differs stops the install.
import { PgBoss } from 'pg-boss';
import type { QueueResult } from 'pg-boss';
import { grantRoles, readServerAddress } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { jobContracts } from './contracts.ts';
import type { JobContract } from './contracts.ts';
import { QUEUE_SCHEMA } from './create-jobs.ts';

type QueueContract = Pick<JobContract, 'name' | 'queue'>;

export type InstallQueuesOptions = {
  readonly url: string;
  readonly contracts?: readonly QueueContract[];
  readonly log?: (line: string) => void;
};

/** Installs or updates the queue's own schema and every queue; run after `migrate`, as owner. Idempotent. */
export async function installQueues({
  url,
  contracts = jobContracts,
  log = () => undefined,
}: InstallQueuesOptions): Promise<void> {
  const address = readServerAddress(url);
  const boss = new PgBoss({
    connectionString: address.url,
    ...(address.ssl === false ? {} : { ssl: address.ssl }),
    schema: QUEUE_SCHEMA,
    application_name: 'studyin-migrate',
    max: 2,
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => undefined); // shown by the call that meets it
  await boss.start();
  try {
    const installed = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
    for (const { name, queue } of contracts) await installQueue(boss, { name, queue, found: installed.get(name), log });
  } finally {
    await boss.stop({ graceful: false });
  }
  await grantRoles({ url });
}

type Install = {
  readonly name: string;
  readonly queue: JobContract['queue'];
  readonly found: QueueResult | undefined;
  readonly log: (line: string) => void;
};

async function installQueue(boss: PgBoss, { name, queue, found, log }: Install): Promise<void> {
  if (found !== undefined && found.policy !== queue.policy) {
    throw new DomainError(
      'misconfigured',
      `Queue ${name} has the policy "${found.policy ?? 'standard'}", this release needs "${queue.policy ?? 'standard'}"; drain it and delete it first.`,
    );
  }
  const deadLetters = { retentionSeconds: queue.retentionSeconds, deleteAfterSeconds: 0 };
  if (found === undefined) {
    await boss.createQueue(queue.deadLetter, deadLetters);
    await boss.createQueue(name, queue);
    log(`installed queue ${name}`);
    return;
  }
  const { policy: _fixed, ...changeable } = queue;
  await boss.updateQueue(name, changeable);
}
