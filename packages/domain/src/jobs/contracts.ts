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
  // Retention deletes them sooner: this is for a queue without nights.
  deleteAfterSeconds: 8 * DAY_SECONDS,
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

/** Looks which step of which night is to be done next and sends its chunks. Sent by schedules, and by each step that is done. */
export const planNightlyJob: JobContract<Readonly<Record<string, never>>> = {
  name: 'plan-nightly',
  payload: z.strictObject({}),
  singletonKey: () => 'all',
  queue: { ...queueDefaults, policy: 'short', deadLetter: 'plan-nightly-dead' },
};

export type NightlyChunk = {
  readonly step: string;
  /** The UTC day that the night ended. */
  readonly day: string;
  /** Learners from here on and before `toUserId`; null: to the end. */
  readonly fromUserId: string;
  readonly toUserId: string | null;
};

/** One step of one night for a range of learners. It may run twice: whoever it was done for already is passed over. */
export const nightlyChunkJob: JobContract<NightlyChunk> = {
  name: 'nightly-chunk',
  payload: z.strictObject({
    step: z.string().max(40),
    day: z.iso.date(),
    fromUserId: z.guid(),
    toUserId: z.guid().nullable(),
  }),
  singletonKey: ({ step, day, fromUserId }) => `${step} ${day} ${fromUserId}`,
  queue: { ...queueDefaults, expireInSeconds: 3_600, policy: 'short', deadLetter: 'nightly-chunk-dead' },
};

export type RefoldChunk = {
  /** Of the mastery model; another active one makes the job needless. */
  readonly version: number;
  /** Learners from here on and before `toUserId`; null: to the end. */
  readonly fromUserId: string;
  readonly toUserId: string | null;
};

/** Moves a range of learners to the active version of the mastery model. It may run twice: whoever is there is passed over. */
export const refoldLearnersJob: JobContract<RefoldChunk> = {
  name: 'refold-learners',
  payload: z.strictObject({ version: z.int().min(0), fromUserId: z.guid(), toUserId: z.guid().nullable() }),
  singletonKey: ({ version, fromUserId }) => `${version} ${fromUserId}`,
  // A shorter heartbeat: it moves so many learners that what a killed worker held would be what all others are waited for.
  queue: {
    ...queueDefaults,
    expireInSeconds: 3_600,
    heartbeatSeconds: 10,
    policy: 'short',
    deadLetter: 'refold-learners-dead',
  },
};

/** Finishes erasures that were broken off. Sent by a schedule; most of its runs find none, and none is kept for long. */
export const finishErasuresJob: JobContract<Readonly<Record<string, never>>> = {
  name: 'finish-erasures',
  payload: z.strictObject({}),
  singletonKey: () => 'all',
  queue: {
    ...queueDefaults,
    expireInSeconds: 3_600,
    deleteAfterSeconds: DAY_SECONDS,
    policy: 'short',
    deadLetter: 'finish-erasures-dead',
  },
};

export const jobContracts = [
  updateLearnerJob,
  ensurePartitionsJob,
  planNightlyJob,
  nightlyChunkJob,
  refoldLearnersJob,
  finishErasuresJob,
] as const;
