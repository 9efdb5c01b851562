// All learners moved to another version of the mastery model, while answers come in and the worker is killed again and again.
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi, startWorker } from '@studyin/devkit/processes/start-services';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { signTokens } from '@studyin/devkit/sign-tokens';
import { findBacklog, refoldLearnersJob } from '@studyin/domain/jobs';
import { activateModel, verify } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import { createStudyHistory } from '../load/study-history.ts';
import { caseOfAmount } from '../measure/round-case.ts';
import { keys, role, startBenchDatabase, withApp } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { faultOf } from './ingest-stack.ts';
import { untilEmpty } from './mastery-stack.ts';
import { storeHistories } from './store-histories.ts';

const ANSWERS_A_LEARNER = 100;
const DAYS = 20;
const TOPICS = 12;
/** Two minutes for 10,000 learners, and for fewer in proportion. */
const MOST_SECONDS_A_LEARNER = 120 / 10_000;
const KILLS = 5;
/** Learners whose rows are computed anew in the end, spread over all. */
const VERIFIED = 500;
const load = { attemptsACall: 1, connections: 16, callsPerSecond: 50 } as const;
const LOOK_EVERY_MS = 100;
const WITHIN_MS = 1_200_000;

// As a fit makes them, with the counts of the stored answers.
const coefficients = {
  question: [0.1, 0.9, 0.9, 0.8, 0.4, -0.1, 0.5, 0.2, -0.02, -0.03],
  topic: [0.3, 0.9, 0.8, 0.7, 1.1, -0.5, -0.1],
};

export const refold: Bench = {
  name: 'refold',
  summary: `all learners to another version of the mastery model, answers coming in, the worker killed ${KILLS} times`,
  defaults: { rounds: 1, seconds: 60, size: 10_000 },
  run: async (context) => {
    context.progress('starting PostgreSQL');
    const database = await startBenchDatabase(context.folder);
    try {
      return await withApp({ url: database.url, poolSize: 2 }, (app) => measure(context, database, app));
    } finally {
      await database.stop();
    }
  },
};

type Seen = { readonly seconds: number; readonly attempts: number };

async function measure(context: BenchContext, database: BenchDatabase, app: App): Promise<BenchResult> {
  const { size, rounds, progress, signal } = context;
  const userIds = Array.from({ length: size }, (_, learner) => learnerId(learner));
  const history = createStudyHistory({ answers: ANSWERS_A_LEARNER, days: DAYS, topics: TOPICS, endMs: Date.now() });
  await storeHistories(
    { database, url: database.url, userIds, history, answers: ANSWERS_A_LEARNER },
    { signal, progress },
  );
  const seen: Seen[] = [];
  for (let version = 1; version <= rounds; version += 1) {
    await addVersion(database, version);
    await database.run('checkpoint');
    seen.push(await refoldAll(context, { database, app, version }));
  }
  const { ok, checked, invariants } = await verify(app, { userIds: spread(userIds) });
  if (!ok) throw new Error(`the rows are wrong: ${invariants.flatMap(({ examples }) => examples)[0]}`);
  const time = { name: 'time', unit: 's', values: seen.map(({ seconds }) => seconds), failedRounds: 0 };
  const attempts = seen.reduce((sum, one) => sum + one.attempts, 0);
  const notes = [
    `${size * ANSWERS_A_LEARNER} answers; ${attempts} more came in meanwhile; ${KILLS} kills of the worker each time`,
    `verified in the end: ${checked.rows} rows of ${checked.learners} learners`,
  ];
  return { cases: [caseOfAmount({ ...time, most: size * MOST_SECONDS_A_LEARNER })], rssMb: null, notes };
}

function spread(userIds: readonly string[]): readonly string[] {
  const step = Math.max(1, Math.floor(userIds.length / VERIFIED));
  return userIds.filter((_, n) => n % step === 0);
}

/** A version that is not active yet. */
async function addVersion(database: BenchDatabase, version: number): Promise<void> {
  const stored = `'${JSON.stringify(coefficients)}'::jsonb`;
  await database.run(`insert into mastery_models (version, answers, p0_right, p0_total, coefficients)
    select ${version}, count(*), sum(is_correct::int), count(*), ${stored} from question_attempts`);
  for (const kind of ['question', 'topic']) {
    await database.run(`insert into mastery_model_counts (version, kind, id, answers_right, answers_total)
      select ${version}, '${kind}', ${kind}_id, sum(is_correct::int), count(*) from question_attempts group by ${kind}_id`);
  }
}

type Refold = { readonly database: BenchDatabase; readonly app: App; readonly version: number };

async function refoldAll(context: BenchContext, refolding: Refold): Promise<Seen> {
  const { root, size, progress } = context;
  const { database, app, version } = refolding;
  const services = { root, databaseUrl: database.url, role, keys };
  const api = await startApi(services);
  const generator = startLoadGenerator();
  let worker = await startWorker(services);
  const restart = async (): Promise<void> => {
    worker.signal('SIGKILL');
    await worker.ended;
    worker = await startWorker(services);
  };
  try {
    const answers = sendAnswers(context, { api, generator, version });
    await sleep(1_000); // they come in
    const startedMs = performance.now();
    await activateModel(app, version);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await untilMoved(context, refolding, Math.floor((size * kill) / (KILLS + 3)));
      progress(`killing the worker, ${kill} of ${KILLS}: ${await countMoved(refolding)} of ${size} learners moved`);
      await restart();
    }
    await untilMoved(context, refolding, size);
    const seconds = (performance.now() - startedMs) / 1000;
    progress(`version ${version}: all ${size} learners moved in ${seconds.toFixed(1)} s`);
    const attempts = await answers;
    await untilDone(context, app);
    return { seconds, attempts };
  } finally {
    await generator.stop();
    await worker.stop();
    await api.stop();
  }
}

type Sending = { readonly api: StartedProcess; readonly generator: LoadGenerator; readonly version: number };

/** For `seconds`; answers how many were taken. */
async function sendAnswers({ size, seconds }: BenchContext, { api, generator, version }: Sending): Promise<number> {
  const ids = Array.from({ length: size }, (_, learner) => learnerId(learner));
  const tokens = await signTokens(ids, { secret: keys.token, role: 'learner' });
  const url = `${api.url}/trpc/tracking.questionAttempt`;
  const calls = Math.ceil(seconds * load.callsPerSecond);
  const result = await generator.send({ ...load, seed: `refold/${version}`, calls, seconds, url, tokens });
  const fault = faultOf(result);
  if (fault !== null) throw new Error(fault);
  return result.attempts;
}

async function countMoved({ database, version }: Refold): Promise<number> {
  return Number(await database.valueOf(`select count(*) from learner_progress where model_version = ${version}`));
}

async function untilMoved({ signal }: BenchContext, refolding: Refold, learners: number): Promise<void> {
  const deadlineMs = performance.now() + WITHIN_MS;
  while ((await countMoved(refolding)) < learners) {
    if (performance.now() > deadlineMs) throw new Error(`not ${learners} learners moved in time`);
    await sleep(LOOK_EVERY_MS, null, { signal });
  }
}

/** Until no job is left, those of moved learners that a killed worker held among them. */
async function untilDone({ signal }: BenchContext, app: App): Promise<void> {
  await untilEmpty(app, signal);
  for (;;) {
    const { waiting, active, dead } = await findBacklog(app.database.reader, refoldLearnersJob);
    if (dead > 0) throw new Error(`${dead} jobs were given up`);
    if (waiting + active === 0) return;
    await sleep(LOOK_EVERY_MS, null, { signal });
  }
}
