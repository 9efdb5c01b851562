// Every job of the product: its name, its payload and its queue. The payload is an id; the truth is in rows.
import { z } from 'zod';
import type { Queue } from 'pg-boss';

export type JobContract<Payload extends object = object> = {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Two queued jobs with one key are one job. */
  readonly singletonKey: (payload: Payload) => string;
  readonly queue: Omit<Queue, 'name' | 'partition'> & { readonly deadLetter: string };
};

const DAY_SECONDS = 86_400;

// Defaults that do not serve us, each set on purpose: no heartbeat (a killed worker's job would wait for expiry), two
// retries without a pause, unstarted jobs and dead letters deleted after 14 days.
const queueDefaults = {
  retryLimit: 5,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 300,
  expireInSeconds: 300,
  heartbeatSeconds: 30,
  retentionSeconds: 365 * DAY_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
  notify: true,
} as const;

/** Folds what is new of one learner into their derived rows. One queued job a learner; it may run twice, late, or once for many sends. */
export const updateLearnerJob: JobContract<{ readonly userId: string }> = {
  name: 'update-learner',
  payload: z.strictObject({ userId: z.uuid() }),
  singletonKey: ({ userId }) => userId,
  queue: { ...queueDefaults, policy: 'short', deadLetter: 'update-learner-dead' },
};

/** Makes the monthly partitions of the facts that are missing, three months ahead. Sent by a schedule. */
export const ensurePartitionsJob: JobContract<Readonly<Record<string, never>>> = {
  name: 'ensure-partitions',
  payload: z.strictObject({}),
  singletonKey: () => 'all',
  queue: { ...queueDefaults, policy: 'short', deadLetter: 'ensure-partitions-dead' },
};

export const jobContracts = [updateLearnerJob, ensurePartitionsJob] as const;
