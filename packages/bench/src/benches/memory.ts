// How much memory API and worker take at most, while answers come in batches and while they are derived.
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { startWorker } from '@studyin/devkit/processes/start-services';
import type { App } from '@studyin/domain/services';
import type { Bench, BenchCase, BenchContext, BenchResult } from '../bench.ts';
import { caseOfAmount } from '../measure/round-case.ts';
import { keys, role, withApp } from '../stack/bench-database.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { untilDerived } from '../stack/until-derived.ts';
import { batchLoad } from './ingest-batch.ts';
import { faultOf, withIngestStack } from './ingest-stack.ts';
import type { IngestStack } from './ingest-stack.ts';

const MOST_MB = 256;
/** The same work on every machine; of 1,000 learners the busiest gives some 6,500. */
const ANSWERS_A_LEARNER = 100;

export const memory: Bench = {
  name: 'memory',
  summary: 'highest resident memory of API and worker, taking answers in batches and deriving them',
  defaults: { rounds: 1, seconds: 120, size: 1_000 },
  run: (context) =>
    withIngestStack(context, async (stack) => {
      const worker = await startWorker({ root: context.root, databaseUrl: stack.database.url, role, keys });
      try {
        return await withApp({ url: stack.database.url, poolSize: 1 }, (app) =>
          measure(context, { stack, worker, app }),
        );
      } finally {
        await worker.stop();
      }
    }),
};

type Running = { readonly stack: IngestStack; readonly worker: StartedProcess; readonly app: App };

async function measure(context: BenchContext, { stack, worker, app }: Running): Promise<BenchResult> {
  const { seconds, rounds, size, progress, signal } = context;
  const { api } = stack;
  let attempts = 0;
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    progress(`round ${round}/${rounds}: ${size * ANSWERS_A_LEARNER} answers, for ${seconds} s at most`);
    attempts += await sendAnswers(stack, { answers: size * ANSWERS_A_LEARNER, seconds, round });
    await untilDerived(app, context);
  }
  const [ofApi, ofWorker] = [caseOf(api), caseOf(worker)];
  // The larger one is the bench's figure.
  const cases = ofApi.product > ofWorker.product ? ([ofApi, ofWorker] as const) : ([ofWorker, ofApi] as const);
  return { cases, rssMb: cases[0].product, notes: [`${attempts} answers taken and derived`] };
}

async function sendAnswers(
  { generator, api, tokens }: IngestStack,
  { answers, seconds, round }: { readonly answers: number; readonly seconds: number; readonly round: number },
): Promise<number> {
  const calls = Math.ceil(answers / batchLoad.attemptsACall);
  const url = `${api.url}/trpc/tracking.events`;
  const result = await generator.send({ ...batchLoad, seed: `memory/${round}`, calls, url, tokens, seconds });
  const fault = faultOf(result);
  if (fault !== null) throw new Error(fault);
  return result.attempts;
}

function caseOf({ name, pid }: StartedProcess): BenchCase {
  const found = highestRssMb(pid);
  if (found === null) throw new Error('this system does not tell how much memory a process takes (no /proc)');
  return caseOfAmount({ name, unit: 'MB', values: [found], most: MOST_MB, failedRounds: 0 });
}
