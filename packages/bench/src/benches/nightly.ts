// The whole nightly chain over a day that nothing is derived from yet. Both sides get a fresh copy of the same database.
import { join } from 'node:path';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured } from '../measure/alternate-rounds.ts';
import { caseOfAmount, caseOfRounds } from '../measure/round-case.ts';
import { startBenchDatabase } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { runCommand } from '../stack/run-command.ts';
import { runProcess } from '../stack/run-process.ts';
import { scriptOf } from '../stack/script-of.ts';
import type { Ran } from '../stack/run-process.ts';
import { EVENTS_A_LEARNER, nightDay, storeDay } from './nightly-day.ts';
import type { Replayed } from '../processes/replay-statements.ts';

const LEAST_RATIO = 0.5;
/** A minute for 10,000 learners, and for fewer in proportion. */
const MOST_SECONDS_A_LEARNER = 60 / 10_000;

export const nightly: Bench = {
  name: 'nightly',
  summary: 'all steps of a night over a day left dirty, 100 events a learner; limit: their statements by pg alone',
  defaults: { rounds: 9, seconds: 60, size: 10_000 },
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

type Night = {
  readonly context: BenchContext;
  readonly database: BenchDatabase;
  readonly day: string;
  /** Where the statements of one night are kept. */
  readonly recording: string;
};

async function measure(context: BenchContext, database: BenchDatabase): Promise<BenchResult> {
  const { rounds, signal, size, progress, folder } = context;
  const night: Night = { context, database, day: nightDay(), recording: join(folder, 'night.recording') };
  await storeDay(database, context, night.day);
  progress('recording the statements of one night');
  await onCopy(night, (url) => runNight(night, { url, records: true }));
  const seen = { seconds: [] as number[], rssMb: 0, steps: '', replayed: '' };
  const sides = {
    product: async (): Promise<Measured> => {
      const { ran, seconds, steps } = await onCopy(night, (url) => runNight(night, { url, records: false }));
      seen.seconds.push(seconds);
      seen.rssMb = Math.max(seen.rssMb, ran.rssMb ?? 0);
      seen.steps = steps;
      return { rate: size / seconds, fault: null };
    },
    limit: async (): Promise<Measured> => {
      const { seconds, transactions, statements } = await onCopy(night, (url) => replay(night, url));
      seen.replayed = `limit: ${statements} statements in ${transactions} transactions`;
      return { rate: size / seconds, fault: null };
    },
  };
  const found = await alternateRounds((side) => sides[side](), { rounds, signal, onRound: progress });
  const main = caseOfRounds(found, { name: 'all steps', unit: 'learners/s', leastRatio: LEAST_RATIO });
  const [, ...counted] = seen.seconds; // the first one warmed up
  const time = { name: 'time', unit: 's', values: counted, most: size * MOST_SECONDS_A_LEARNER, failedRounds: 0 };
  const notes = [`${size * EVENTS_A_LEARNER} events of ${night.day}`, seen.steps, seen.replayed];
  return { cases: [main, caseOfAmount(time)], rssMb: seen.rssMb === 0 ? null : seen.rssMb, notes };
}

async function onCopy<T>({ database }: Night, use: (url: string) => Promise<T>): Promise<T> {
  const name = 'studyin_night';
  const url = await database.copy(name);
  try {
    await database.run('checkpoint');
    return await use(url);
  } finally {
    await database.drop(name);
  }
}

type NightRun = { readonly ran: Ran; readonly seconds: number; readonly steps: string };

/** The night as an operator does it by hand. Its time is that of its steps: no start of a process, no look at migrations. */
async function runNight(
  { context, day, recording }: Night,
  { url, records }: { readonly url: string; readonly records: boolean },
): Promise<NightRun> {
  const ran = await runCommand(context, {
    url,
    command: ['nightly', '--as-of', day],
    ...(records
      ? {
          nodeArgs: [`--import=${scriptOf('record-statements')}`],
          env: { STUDYIN_BENCH_RECORDING: recording },
        }
      : {}),
  });
  // as: the result of `studyin nightly --json`
  const { steps } = JSON.parse(ran.lastLine) as { readonly steps: readonly { step: string; seconds: number }[] };
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return { ran, seconds, steps: `steps: ${steps.map((one) => `${one.step} ${one.seconds} s`).join(', ')}` };
}

async function replay({ context, recording }: Night, url: string): Promise<Replayed> {
  const script = scriptOf('replay-statements');
  const { lastLine } = await runProcess({
    name: 'the replay of the night',
    args: ['--conditions=@studyin/source', '--max-old-space-size=8192', script, recording, url],
    env: {},
    signal: context.signal,
  });
  return JSON.parse(lastLine) as Replayed; // as: the script's own last line
}
