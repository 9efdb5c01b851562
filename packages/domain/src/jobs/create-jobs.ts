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
  /** Completes claimed jobs in `tx`. Throws when the claim of one is gone, so that the transaction undoes its effects. */
  complete(tx: Tx, job: Pick<JobContract, 'name'>, claimed: Claims): Promise<void>;
  /** Deletes claimed jobs in `tx`, where even their payload must not stay. Throws when one is gone already. */
  remove(tx: Tx, job: Pick<JobContract, 'name'>, claimed: Claims): Promise<void>;
  /** Runs `handle` for each job, one at a time per lane; a failing job fails alone. */
  work<Payload extends object>(
    job: JobContract<Payload>,
    options: WorkOptions,
    handle: (claimed: ClaimedJob<Payload>) => Promise<void>,
  ): Promise<void>;
  /**
   * Runs `handle` for all jobs that a lane has claimed at once, which does all of them or throws. Of those it throws for each is
   * then done alone, so that the one that fails keeps no other.
   */
  workTogether<Payload extends object>(
    job: JobContract<Payload>,
    options: WorkOptions,
    handle: (claimed: readonly ClaimedJob<Payload>[]) => Promise<void>,
  ): Promise<void>;
};

type Claims = ClaimedJob<object> | readonly ClaimedJob<object>[];

export function createJobs(options: JobsOptions): Jobs {
  const { onError } = options;
  const boss = createBoss(options);
  boss.on('error', onError); // without a listener the death of an idle connection would end the process
  return {
    boss,
    start: async () => void (await boss.start()),
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
    complete: async (tx, job, claimed) => {
      const claims = [claimed].flat();
      if (claims.length > 0) requireHeld(job, claims, await boss.complete(job.name, claims, null, { db: tx }));
    },
    remove: async (tx, job, claimed) => {
      const claims = [claimed].flat();
      if (claims.length > 0) requireHeld(job, claims, await boss.deleteJob(job.name, claims, { db: tx }));
    },
    work: async (job, options, handle) => {
      await boss.work(job.name, { ...options, perJobResults: true }, (claims: ClaimedJob<never>[]) =>
        settleEach(claims, (claimed) => handle(parsed(job, claimed)), onError),
      );
    },
    workTogether: async (job, options, handle) => {
      await boss.work(job.name, { ...options, perJobResults: true }, async (claims: ClaimedJob<never>[]) => {
        const handleAll = () => handle(claims.map((claimed) => parsed(job, claimed)));
        if (claims.length > 1 && (await isDone(handleAll))) return claims.map(settled);
        return settleEach(claims, (claimed) => handle([parsed(job, claimed)]), onError);
      });
    },
  };
}

function parsed<Payload extends object>({ payload }: JobContract<Payload>, claimed: ClaimedJob<object>) {
  return { ...claimed, data: payload.parse(claimed.data) };
}

function requireHeld(
  { name }: Pick<JobContract, 'name'>,
  claims: readonly unknown[],
  { affected }: { readonly affected?: number },
): void {
  if (affected === claims.length) return;
  throw new Error(`job ${name} was no longer held by this worker; its effects are undone`);
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

type Settled = { readonly id: string; readonly status: 'completed' | 'failed'; readonly output?: object };

function settled({ id }: Pick<ClaimedJob<object>, 'id'>): Settled {
  return { id, status: 'completed' };
}

/** Whether several were done together. What keeps them from it is told by those that fail alone. */
async function isDone(handleAll: () => Promise<void>): Promise<boolean> {
  try {
    await handleAll();
    return true;
  } catch {
    return false;
  }
}

async function settleEach<Claimed extends ClaimedJob<object>>(
  claims: readonly Claimed[],
  run: (claimed: Claimed) => Promise<void>,
  onError: (error: Error) => void,
): Promise<Settled[]> {
  const results: Settled[] = [];
  for (const claimed of claims) {
    try {
      await run(claimed);
      results.push(settled(claimed));
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      onError(problem);
      results.push({ id: claimed.id, status: 'failed', output: { name: problem.name } });
    }
  }
  return results;
}
