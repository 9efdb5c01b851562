// What it takes to give a learner with very many events all their data, and to take them into another database.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startApi, startWorker } from '@studyin/devkit/processes/start-services';
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { Bench, BenchCase, BenchContext, BenchResult } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { caseOfAmount } from '../measure/round-case.ts';
import { keys, role, startBenchDatabase, withApp } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { runCommand } from '../stack/run-command.ts';
import { untilDerived } from '../stack/until-derived.ts';
import { differencesOf, digestOf, download } from './export-file.ts';
import type { ExportDigest } from './export-file.ts';
import { storeHistory } from './export-history.ts';

const MOST_MB = 256;
/** Nobody who moves takes these along: the lock's counter, who looked at them, the groups of their institution. */
const OWN_TO_A_DATABASE = ['learners', 'access_log', 'cohort_members'];

export const exportBench: Bench = {
  name: 'export',
  summary: 'highest memory of the export of one learner with --size events, by API and command line, and of its import',
  defaults: { rounds: 1, seconds: 60, size: 1_000_000 },
  sizeUnit: 'events',
  run: async (context) => {
    context.progress('starting PostgreSQL');
    const database = await startBenchDatabase(context.folder);
    try {
      return await measure(context, database);
    } finally {
      await database.stop();
    }
  },
};

type Step = { readonly mb: number; readonly seconds: number };
type Round = { readonly byApi: Step; readonly byCommand: Step; readonly back: Step };

async function measure(context: BenchContext, database: BenchDatabase): Promise<BenchResult> {
  const { rounds, signal, progress, folder } = context;
  const targets: string[] = [];
  for (let round = 1; round <= rounds; round += 1) targets.push(await database.copy(`studyin_target_${round}`));
  const userId = learnerId(0);
  await withApp({ url: database.url, poolSize: 2, statementTimeoutMs: 600_000 }, (app) =>
    storeHistory(app, userId, context),
  );
  const source = { url: database.url, userId };
  const found: Round[] = [];
  for (const target of targets) {
    signal.throwIfAborted();
    progress('export by API');
    const [byApi, apiFile] = [await exportByApi(context, source), join(folder, 'api.jsonl')];
    progress('export by command line');
    const [byCommand, file] = [await exportByCommand(context, source), join(folder, 'command.jsonl')];
    const digest = await digestOf(file);
    requireEqual(digest, await digestOf(apiFile), ['access_log']);
    progress('import');
    const back = await runStudyin(context, target, ['import', file, '--reason', 'a benchmark']);
    progress('deriving and checking what was imported');
    await requireSame(context, { url: target, userId }, digest);
    found.push({ byApi, byCommand, back });
  }
  const megabytes = statSync(join(folder, 'command.jsonl')).size / 2 ** 20;
  return resultOf(found, `${megabytes.toFixed(0)} MB a file; after the import verified, and every row the same`);
}

type Source = { readonly url: string; readonly userId: string };

async function exportByApi({ root, folder }: BenchContext, { url, userId }: Source): Promise<Step> {
  const api = await startApi({ root, databaseUrl: url, role, keys });
  try {
    const [token = ''] = await signTokens([userId], { secret: keys.token, role: 'learner' });
    const startedMs = performance.now();
    await download(`${api.url}/export`, token, join(folder, 'api.jsonl'));
    return { seconds: (performance.now() - startedMs) / 1000, mb: known(highestRssMb(api.pid)) };
  } finally {
    await api.stop();
  }
}

function exportByCommand(context: BenchContext, { url, userId }: Source): Promise<Step> {
  const out = join(context.folder, 'command.jsonl');
  return runStudyin(context, url, ['export', '--user', userId, '--reason', 'a benchmark', '--out', out]);
}

/** The command as an operator runs it, the start of its process included. */
async function runStudyin(context: BenchContext, url: string, command: readonly [string, ...string[]]): Promise<Step> {
  const startedMs = performance.now();
  const { rssMb } = await runCommand(context, { url, command });
  return { seconds: (performance.now() - startedMs) / 1000, mb: known(rssMb) };
}

/** Throws unless a worker derives from what was imported the rows that the learner had, and all of them verify. */
async function requireSame(context: BenchContext, { url, userId }: Source, source: ExportDigest): Promise<void> {
  const { root, folder } = context;
  const worker = await startWorker({ root, databaseUrl: url, role, keys });
  try {
    await withApp({ url, poolSize: 1 }, (app) => untilDerived(app, context));
  } finally {
    await worker.stop();
  }
  await exportByCommand(context, { url, userId });
  requireEqual(await digestOf(join(folder, 'command.jsonl')), source, OWN_TO_A_DATABASE);
  await runStudyin(context, url, ['verify']);
}

function requireEqual(one: ExportDigest, other: ExportDigest, except: readonly string[]): void {
  const differing = differencesOf(one, other, except);
  if (differing.length > 0) throw new Error(`rows of ${differing.join(', ')} differ`);
}

function known(mb: number | null): number {
  if (mb === null) throw new Error('this system does not tell how much memory a process takes (no /proc)');
  return mb;
}

function resultOf(found: readonly Round[], note: string): BenchResult {
  const memory = (name: string, stepOf: (round: Round) => Step): BenchCase =>
    caseOfAmount({ name, unit: 'MB', values: found.map((one) => stepOf(one).mb), most: MOST_MB, failedRounds: 0 });
  const cases = [
    memory('export by API', ({ byApi }) => byApi),
    memory('export by command', ({ byCommand }) => byCommand),
    memory('import', ({ back }) => back),
  ] as const;
  const times = found.map(
    ({ byApi, byCommand, back }) =>
      `${byApi.seconds.toFixed(1)} s by API, ${byCommand.seconds.toFixed(1)} s by command, import ${back.seconds.toFixed(1)} s`,
  );
  return { cases, rssMb: Math.max(...cases.map(({ product }) => product)), notes: [note, ...times] };
}
