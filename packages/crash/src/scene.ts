// What a scene of a crash test is: something that goes wrong under load, so many times, and what must hold meanwhile.
import type { ServiceKeys } from '@studyin/devkit/processes/start-services';
import type { EventSource } from './load/event-source.ts';
import type { Ledger } from './load/ledger.ts';
import type { Load } from './load/load.ts';
import type { Cluster } from './stack/cluster.ts';
import type { OwnServer } from './stack/own-server.ts';
import type { Watch } from './stack/watch.ts';

export type Stage = {
  readonly server: OwnServer;
  readonly cluster: Cluster;
  readonly watch: Watch;
  readonly source: EventSource;
  readonly ledger: Ledger;
  readonly load: Load;
  readonly keys: ServiceKeys;
};

export type SceneContext = Stage & {
  readonly times: number;
  /** Whether this is the short test, which has seconds where the whole one has minutes. */
  readonly isShort: boolean;
  readonly signal: AbortSignal;
};

export type SceneReport = {
  /** What happened, for people. */
  readonly detail: string;
  /** Promises that were broken, each in words. */
  readonly broken: readonly string[];
};

export type Scene = {
  readonly name: string;
  readonly summary: string;
  /** How often, in the whole test and in the short one; 0: not at all. */
  readonly times: number;
  readonly shortTimes: number;
  readonly run: (context: SceneContext) => Promise<SceneReport>;
};
