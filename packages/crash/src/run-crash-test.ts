// The whole test: a stack of its own, clients that never give up, the scenes one after the other, and the audit.
import { serverFolderOf } from '@studyin/devkit/processes/run-folder';
import { signTokens } from '@studyin/devkit/sign-tokens';
import { audit } from './audit/audit.ts';
import type { Audit } from './audit/audit.ts';
import { untilIdle } from './audit/until-idle.ts';
import type { CrashOptions } from './arguments.ts';
import { createEventSource, learnerId } from './load/event-source.ts';
import { createLedger } from './load/ledger.ts';
import { startLoad } from './load/load.ts';
import type { Scene, SceneReport, Stage } from './scene.ts';
import { isPoison } from './scenes/poison-job.ts';
import { createLogins, startCluster } from './stack/cluster.ts';
import type { Cluster } from './stack/cluster.ts';
import { startOwnServer } from './stack/own-server.ts';
import type { OwnServer } from './stack/own-server.ts';
import { openWatch } from './stack/watch.ts';
import type { Watch } from './stack/watch.ts';
import { until } from './until.ts';

export type CrashRun = {
  /** The checkout. */
  readonly root: string;
  /** This run's own. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A line for people. */
  readonly say: (line: string) => void;
};

export type CrashReport = Audit & {
  readonly ok: boolean;
  /** Promises that were broken, each in words. */
  readonly broken: readonly string[];
  readonly scenes: readonly { readonly name: string; readonly detail: string; readonly seconds: number }[];
  readonly tries: number;
};

const keys = {
  session: 'session-key-of-the-crash-tests-0001',
  subject: 'subject-key-of-the-crash-tests-0001',
  token: 'token-secret-of-the-crash-tests-001',
} as const;

const LANES = 16;
const IDLE_WITHIN_MS = 180_000;

/** Ends everything that it started, whatever happens. Throws where a scene or the audit could not be finished. */
export async function runCrashTest(run: CrashRun, options: CrashOptions): Promise<CrashReport> {
  run.say('starting PostgreSQL, two APIs and two workers');
  const server = await startOwnServer(serverFolderOf(run.folder), keys);
  const watch = openWatch(server.url);
  try {
    for (const text of createLogins) await watch.run(text);
    const { root, folder } = run;
    const cluster = await startCluster({ root, folder, databaseUrl: server.url, keys });
    try {
      return await play(run, options, { server, watch, cluster });
    } catch (error) {
      for (const line of [...cluster.unasked, ...cluster.strayLines()]) run.say(`✘ ${line}`);
      throw error;
    } finally {
      await cluster.stop();
    }
  } finally {
    await watch.close();
    await server.stop();
  }
}

type Opened = { readonly server: OwnServer; readonly watch: Watch; readonly cluster: Cluster };

async function play(run: CrashRun, options: CrashOptions, opened: Opened): Promise<CrashReport> {
  const stage = await openStage(options, opened);
  try {
    return await playOn(run, options, stage);
  } finally {
    await stage.load.abandon();
  }
}

async function playOn(run: CrashRun, options: CrashOptions, stage: Stage): Promise<CrashReport> {
  const { load, ledger, watch, cluster, server } = stage;
  const played: Played[] = [];
  for (const { scene, times } of options.scenes) played.push(await playScene(run, { options, stage, scene, times }));
  const what = `${options.leastAcknowledged} acknowledged items`;
  const isEnough = (): boolean => ledger.count() >= options.leastAcknowledged;
  await until(isEnough, { what, withinMs: options.seconds * 1_000, signal: run.signal });
  await load.stop();
  run.say(`${ledger.count()} items acknowledged; waiting for the workers`);
  await untilIdle(watch, { signal: run.signal, withinMs: IDLE_WITHIN_MS, hurries: options.isShort });
  const audited = await audit({ watch, ledger }, { url: server.url, keys });
  const dead = (await watch.listDead()).filter((payload) => !isPoison(payload));
  await cluster.stop();
  const broken = [
    ...played.flatMap(({ name, report }) => report.broken.map((line) => `${name}: ${line}`)),
    ...cluster.unasked,
    ...cluster.strayLines(),
    ...load.tally.faults,
    ...ledger.refused().map((line) => `refused: ${line}`),
    ...(dead.length === 0 ? [] : [`${dead.length} jobs of learners were given up`]),
    ...brokenIn(audited),
  ];
  return {
    ...audited,
    ok: broken.length === 0,
    broken,
    scenes: played.map(({ name, report, seconds }) => ({ name, detail: report.detail, seconds })),
    tries: load.tally.tries,
  };
}

async function openStage(options: CrashOptions, opened: Opened): Promise<Stage> {
  const { seed, learners, itemsASecond } = options;
  const source = createEventSource({ seed, learners, nowMs: Date.now() });
  const ids = Array.from({ length: learners }, (_, learner) => learnerId(learner));
  const tokens = await signTokens(ids, { secret: keys.token, role: 'learner' });
  const ledger = createLedger();
  const load = startLoad({ source, ledger, apis: opened.cluster.apiUrls, tokens, lanes: LANES, itemsASecond });
  return { ...opened, source, ledger, load, keys };
}

type Played = { readonly name: string; readonly report: SceneReport; readonly seconds: number };

async function playScene(
  { signal, say }: CrashRun,
  { options, stage, scene, times }: { options: CrashOptions; stage: Stage; scene: Scene; times: number },
): Promise<Played> {
  const startedMs = performance.now();
  const { name } = scene;
  try {
    const report = await scene.run({ ...stage, times, isShort: options.isShort, signal });
    say(`${report.broken.length === 0 ? '✔' : '✘'} ${name.padEnd(17)}${report.detail}`);
    return { name, report, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function brokenIn({ missing, doubled, foreign, verify }: Audit): readonly string[] {
  return [
    ...(missing === 0 ? [] : [`${missing} acknowledged items are missing`]),
    ...(doubled === 0 ? [] : [`${doubled} items are stored more than once`]),
    ...(foreign === 0 ? [] : [`${foreign} stored items were sent by nobody`]),
    ...(verify === 'ok' ? [] : [`verify: ${verify}`]),
  ];
}
