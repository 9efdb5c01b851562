export {
  ensurePartitionsJob,
  finishErasuresJob,
  jobContracts,
  nightlyChunkJob,
  planNightlyJob,
  refoldLearnersJob,
  updateLearnerJob,
} from './contracts.ts';
export type { JobContract, NightlyChunk, RefoldChunk } from './contracts.ts';
export { createJobs, QUEUE_SCHEMA } from './create-jobs.ts';
export type { ClaimedJob, Jobs, JobsOptions } from './create-jobs.ts';
export { enqueue } from './enqueue.ts';
export { findBacklog, listBacklogs } from './find-backlog.ts';
export type { Backlog, QueueBacklog } from './find-backlog.ts';
export { installQueues } from './install-queues.ts';
