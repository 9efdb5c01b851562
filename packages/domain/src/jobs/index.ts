export { jobContracts, updateLearnerJob } from './contracts.ts';
export type { JobContract } from './contracts.ts';
export { createJobs, QUEUE_SCHEMA } from './create-jobs.ts';
export type { ClaimedJob, Jobs, JobsOptions } from './create-jobs.ts';
export { enqueue } from './enqueue.ts';
export { installQueues } from './install-queues.ts';
