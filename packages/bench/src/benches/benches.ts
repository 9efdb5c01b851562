import type { Bench } from '../bench.ts';
import { dashboardCold } from './dashboard-cold.ts';
import { dashboardWarm } from './dashboard-warm.ts';
import { exportBench } from './export.ts';
import { growth } from './growth.ts';
import { ingestBatch } from './ingest-batch.ts';
import { ingestSingle } from './ingest-single.ts';
import { mastery } from './mastery.ts';
import { memory } from './memory.ts';
import { nightly } from './nightly.ts';
import { refold } from './refold.ts';

/** All that there are, as `--help` lists them. */
export const benches: readonly Bench[] = [
  ingestBatch,
  ingestSingle,
  dashboardWarm,
  dashboardCold,
  mastery,
  refold,
  nightly,
  growth,
  memory,
  exportBench,
];
