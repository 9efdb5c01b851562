// The steps `checkpoints` and `retention`. What cannot be dropped is kept and told of: it must not keep the night from its end.
import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import type { Chunk } from '../../stores/batch-store.ts';
import { boundaryAsOf } from '../retention/boundary.ts';
import { makeCheckpoints } from '../retention/make-checkpoints.ts';
import { runRetention } from '../run-retention.ts';
import type { ChunkResult } from './night-step.ts';

/** Makes the checkpoints that the learners of a range lack at the boundary of the chunk's day. */
export function makeNightCheckpoints(app: App, chunk: Chunk): Promise<ChunkResult> {
  return orRefused(app, () => makeCheckpoints(app, { boundary: boundaryAsOf(chunk.day), range: chunk }));
}

/** Drops what is old as of the chunk's day. */
export function dropOld(app: App, { day }: Chunk): Promise<ChunkResult> {
  return orRefused(app, async () => {
    const { learners, months, oldRows, interactions, sessions } = await runRetention(app, { today: day });
    const facts = months.reduce((sum, { events, attempts }) => sum + events + attempts, 0);
    return learners + facts + interactions + sessions + oldRows.reduce((sum, { rows }) => sum + rows, 0);
  });
}

async function orRefused({ log }: App, work: () => Promise<number>): Promise<ChunkResult> {
  try {
    return { rows: await work() };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
    log.error({ event: 'retention.refused' });
    return { rows: 0, differences: 1 };
  }
}
