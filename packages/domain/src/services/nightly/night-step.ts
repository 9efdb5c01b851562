import type { App } from '../../app.ts';
import type { Chunk } from '../../stores/batch-store.ts';

export type ChunkResult = {
  readonly rows: number;
  /** Broken invariants that a check has found. */
  readonly differences?: number;
};

export type NightStep = {
  readonly name: string;
  /** Minutes after the midnight, UTC, from which on the night may be done. */
  readonly dueMinute: number;
  /** Chunks of learners, or all in one. */
  readonly spread: 'learners' | 'whole';
  /** Of nights that were missed: each one, oldest first, or only the last, where its rows replace those of the others. */
  readonly missed: 'each' | 'last';
  /** Idempotent: run again for the same chunk it changes no row. */
  readonly run: (app: App, chunk: Chunk) => Promise<ChunkResult>;
};
