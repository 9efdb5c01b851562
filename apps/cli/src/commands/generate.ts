import { availableParallelism } from 'node:os';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { connect, statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { groupLearners, importDefaultCurriculum } from '@studyin/domain/services';
import type { App, LearnerSize, LoadedHistory } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { groupHistories, planHistories } from '../generate/generation.ts';
import type { Generation } from '../generate/generation.ts';
import { startParts } from '../generate/parts.ts';
import type { Parts } from '../generate/parts.ts';
import { interruptible } from '../interruption.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { findLatestRunMark, saveRunMark } from '../run-marks.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type GenerateOptions = Omit<Generation, 'end'> & {
  /** Null: where the same numbers ended when they were given first, else yesterday. */
  readonly end: string | null;
};

type Run = { readonly config: Config; readonly output: Output };
type Context = Run & { readonly app: App; readonly parts: Parts; readonly signal: AbortSignal };

const MOST_EVENTS_A_DAY = 60;
const EVENTS_A_TASK = 10_000;
const GROUPS_A_TASK = 4;
const MOST_PARTS = 4;

const selectBehind = statement(
  'cli.learners_behind',
  `select user_id as "userId", answers::float8 as answers
  from learners l
  where exists (select from dirty_days d where d.user_id = l.user_id)
  order by user_id`,
);
const analyze = statement(
  'cli.analyze',
  `analyze study_events, question_attempts, study_sessions, material_interactions, learners, dirty_days`,
);

/** Writes histories and brings their learners up to date. A run that was broken off goes on. */
export async function generate({ config, output }: Run, options: GenerateOptions): Promise<void> {
  refuseImpossible(options);
  const secrets = loadSecrets(config);
  await interruptible(async (signal) => {
    const database = await openDatabase(config);
    const { url } = database;
    try {
      output.line(database.description);
      const { roles } = await migrateDatabase(url, () => undefined);
      const role = roles ? config.role : undefined;
      await withApp({ url, role, secrets, sends: true }, async (app) => {
        await importDefaultCurriculum(app);
        const env = { ...config.env, ...environmentOf({ url, role, secrets }) };
        const parts = startParts(Math.min(MOST_PARTS, availableParallelism()), env);
        try {
          await fill({ config, output, app, parts, signal }, { url, options });
        } finally {
          await parts.close();
        }
      });
    } finally {
      await database.close();
    }
  });
}

function refuseImpossible({ events, users, days, end }: GenerateOptions): void {
  if (events < users) throw new DomainError('invalid', `--events ${events} are too few for --users ${users}.`);
  if (events / users / days > MOST_EVENTS_A_DAY) {
    const most = users * days * MOST_EVENTS_A_DAY;
    throw new DomainError('invalid', `--users ${users} have room for at most ${most} events in --days ${days}.`);
  }
  if (end !== null && end > utcDayOf(Date.now())) throw new DomainError('invalid', `--end ${end} is in the future.`);
}

type Identity = {
  readonly url: string;
  readonly role: string | undefined;
  readonly secrets: ReturnType<typeof loadSecrets>;
};

function environmentOf({ url, role, secrets }: Identity) {
  return {
    DATABASE_URL: url,
    STUDYIN_ROLE: role ?? '',
    STUDYIN_TOKEN_SECRET: secrets.tokenSecret,
    STUDYIN_SESSION_KEY: secrets.sessionKey,
    STUDYIN_SUBJECT_KEY: secrets.subjectKey,
  };
}

type Filling = { readonly url: string; readonly options: GenerateOptions };

async function fill(context: Context, { url, options }: Filling): Promise<void> {
  const { app, output } = context;
  const { events, users, days, seed } = options;
  const prefix = `cli generate seed=${seed} events=${events} users=${users} days=${days} end=`;
  const mark = options.end === null ? await findLatestRunMark(app, prefix) : null;
  const end = options.end ?? mark?.day ?? addDays(utcDayOf(Date.now()), -1);
  const generation = { events, users, days, seed, end };
  await saveRunMark(app, prefix + end, { day: end, isFinished: false, rows: 0 });
  const startedMs = performance.now();
  const loaded = await loadStage(context, generation);
  await analyzeFacts(url);
  const derivingMs = performance.now();
  const derived = await deriveStage(context);
  const endedMs = performance.now();
  await saveRunMark(app, prefix + end, { day: end, isFinished: true, rows: events });
  const seconds = { facts: secondsOf(derivingMs - startedMs), derived: secondsOf(endedMs - derivingMs) };
  output.result({ end, ...loaded, derived, seconds });
}

async function loadStage({ output, parts, signal }: Context, generation: Generation): Promise<LoadedHistory> {
  const stage = output.stage('facts');
  const startedMs = performance.now();
  const sum = { learners: 0, events: 0, attempts: 0 };
  let done = 0;
  const groups = groupHistories(planHistories(generation), EVENTS_A_TASK);
  const tasks = groups.map((histories) => ({ kind: 'load' as const, generation, histories }));
  await parts.run(tasks, {
    signal,
    onResult: ({ done: events, loaded }) => {
      done += events;
      sum.learners += loaded.learners;
      sum.events += loaded.events;
      sum.attempts += loaded.attempts;
      stage.progress(done, generation.events, 'events');
    },
  });
  const rate = Math.round((1000 * sum.events) / (performance.now() - startedMs));
  stage.done(
    sum.events === 0
      ? 'written before'
      : `${count(sum.events)} events of ${count(sum.learners)} learners, ${count(rate)} a second`,
  );
  return sum;
}

async function deriveStage({ app, output, parts, signal }: Context): Promise<number> {
  const stage = output.stage('derived rows');
  const startedMs = performance.now();
  const behind = await app.database.reader.query<LearnerSize>(selectBehind);
  const groups = groupLearners(behind);
  let done = 0;
  const tasks = Array.from({ length: Math.ceil(groups.length / GROUPS_A_TASK) }, (_, n) => ({
    kind: 'derive' as const,
    groups: groups.slice(n * GROUPS_A_TASK, (n + 1) * GROUPS_A_TASK),
  }));
  await parts.run(tasks, {
    signal,
    onResult: (result) => stage.progress((done += result.done), behind.length, 'learners'),
  });
  const rate = Math.round((1000 * done) / (performance.now() - startedMs));
  stage.done(done === 0 ? 'up to date' : `of ${count(done)} learners, ${count(rate)} a second`);
  return done;
}

// Statistics of tables that were empty a moment ago mislead the planner. Only an owner's login may; for others it does nothing.
async function analyzeFacts(url: string): Promise<void> {
  const database = connect({ url, poolSize: 1, applicationName: 'studyin-cli', statementTimeoutMs: 300_000 });
  try {
    await database.reader.query(analyze);
  } finally {
    await database.close();
  }
}

function secondsOf(ms: number): number {
  return Math.round(ms / 100) / 10;
}
