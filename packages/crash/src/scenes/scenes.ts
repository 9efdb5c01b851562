import type { Scene } from '../scene.ts';
import { cutConnections } from './cut-connections.ts';
import { freezeWorker } from './freeze-worker.ts';
import { killApi } from './kill-api.ts';
import { killPostgres } from './kill-postgres.ts';
import { killWorker } from './kill-worker.ts';
import { poisonJob } from './poison-job.ts';
import { rollingRestart } from './rolling-restart.ts';

/** In the order in which they are played. */
export const scenes: readonly Scene[] = [
  rollingRestart,
  killApi,
  killWorker,
  freezeWorker,
  killPostgres,
  cutConnections,
  poisonJob,
];
