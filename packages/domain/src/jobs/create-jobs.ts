// One pg-boss for a process. An API only sends; a worker also works, supervises and keeps time.
import { PgBoss } from 'pg-boss';
import type { Job, WorkOptions } from 'pg-boss';
import { readServerAddress, sessionOptions } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import type { JobContract } from './contracts.ts';

export const QUEUE_SCHEMA = 'pgboss';

export type JobsOptions = {
  readonly url: string;
  readonly role?: string | undefined;
  readonly applicationName: string;
  /** `send` for an API, `work` for a worker. */
  readonly mode: 'send' | 'work';
  readonly poolSize?: number;
  /** Whether jobs carry the trace that sent them on to the worker, by the OpenTelemetry that the process has set up. Default false. */
  readonly traces?: boolean;
  /** An error outside any call: a lost connection, a failed poll. */
  readonly onError: (error: Error) => void;
};

/** A job as a worker gets it, with the attempt it was fetched at. */
export type ClaimedJob<Payload extends object> = Job<Payload>;

export type Jobs = {
  readonly boss: PgBoss;
  start(): Promise<void>;
  /** Waits for running handlers up to `timeoutMs`, then gives the rest back to the queue. */
  stop(timeoutMs: number): Promise<void>;
  /** Completes a claimed job in `tx`. Throws when the claim is gone, so that the transaction undoes its effects. */
  complete(tx: Tx, job: Pick<JobContract, 'name'>, claimed: ClaimedJob<object>): Promise<void>;
  /** Deletes a claimed job in `tx`, where even its payload must not stay. Throws when it is gone already. */
  remove(tx: Tx, job: Pick<JobContract, 'name'>, claimed: ClaimedJob<object>): Promise<void>;
  /** Runs `handle` for each job, one at a time per lane; a failing job fails alone. */
  work<Payload extends object>(
    job: JobContract<Payload>,
    options: WorkOptions,
    handle: (claimed: ClaimedJob<Payload>) => Promise<void>,
  ): Promise<void>;
};

export function createJobs(options: JobsOptions): Jobs {
  const { onError } = options;
  const boss = createBoss(options);
  boss.on('error', onError); // without a listener the death of an idle connection would end the process
  return {
    boss,
    start: async () => void (await boss.start()),
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
    complete: async (tx, job, claimed) => requireHeld(job, await boss.complete(job.name, claimed, null, { db: tx })),
    remove: async (tx, job, claimed) => requireHeld(job, await boss.deleteJob(job.name, claimed, { db: tx })),
    work: async (job, options, handle) => {
      await boss.work(job.name, { ...options, perJobResults: true }, async (claims: ClaimedJob<never>[]) => {
        const results: { id: string; status: 'completed' | 'failed'; output?: object }[] = [];
        for (const claimed of claims) {
          const run = () => handle({ ...claimed, data: job.payload.parse(claimed.data) });
          results.push(await settle(claimed, run, onError));
        }
        return results;
      });
    },
  };
}

function requireHeld({ name }: Pick<JobContract, 'name'>, { affected }: { readonly affected?: number }): void {
  if (affected !== 1) throw new Error(`job ${name} was no longer held by this worker; its effects are undone`);
}

function createBoss({ url, role, applicationName, mode, poolSize, traces = false }: JobsOptions): PgBoss {
  const works = mode === 'work';
  const address = readServerAddress(url);
  return new PgBoss({
    connectionString: address.url,
    ...(address.ssl === false ? {} : { ssl: address.ssl }),
    schema: QUEUE_SCHEMA,
    application_name: applicationName,
    options: sessionOptions({ role }),
    max: poolSize ?? (works ? 4 : 1),
    migrate: false,
    createSchema: false,
    supervise: works,
    schedule: works,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    useListenNotify: works,
    openTelemetry: { enabled: traces, propagateContext: traces },
  });
}

async function settle(
  claimed: ClaimedJob<object>,
  run: () => Promise<void>,
  onError: (error: Error) => void,
): Promise<{ id: string; status: 'completed' | 'failed'; output?: object }> {
  try {
    await run();
    return { id: claimed.id, status: 'completed' };
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    onError(problem);
    return { id: claimed.id, status: 'failed', output: { name: problem.name } };
  }
}
