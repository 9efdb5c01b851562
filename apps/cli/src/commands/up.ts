import { createClient } from '@studyin/client';
import { utcDayOf } from '@studyin/domain/algorithms';
import { DomainError } from '@studyin/domain/errors';
import { importDefaultCurriculum } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { countData, findBusiestLearner } from '../data-totals.ts';
import { renderDashboard } from '../examples/render-dashboard.ts';
import { sendExamples } from '../examples/send-examples.ts';
import type { ExampleOptions } from '../examples/send-examples.ts';
import { deleteAllData } from '../fresh-start.ts';
import { idleStage } from '../idle-stage.ts';
import { aborted, interruptible } from '../interruption.ts';
import { withStack } from '../open-stack.ts';
import type { Stack } from '../open-stack.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { createServiceClient } from '../service-client.ts';
import { createTokenMaker } from '../token.ts';
import { summaryOf, verifyStage } from '../verify-stage.ts';
import { withApp } from '../with-app.ts';

export type UpOptions = ExampleOptions & {
  readonly fresh: boolean;
  /** Consent to `fresh` on a database that is not the embedded one. */
  readonly yes: boolean;
  /** End after the dashboard. */
  readonly exit: boolean;
};

type Run = { readonly config: Config; readonly output: Output };
type Context = Run & {
  readonly app: App;
  readonly stack: Stack;
  readonly signal: AbortSignal;
  readonly startedMs: number;
};

/** The whole product with example learners, until it is ended. Answers whether everything verified. */
export async function up({ config, output }: Run, options: UpOptions): Promise<boolean> {
  refuseImpossible(config, options);
  const startedMs = performance.now();
  return interruptible((signal) => {
    const prepare = (opened: Prepared): Promise<void> => prepareDatabase(output, opened, options);
    return withStack({ config: { ...config, apiUrl: null }, output }, { prepare, signal }, (stack) =>
      withApp({ url: stack.database.url, role: stack.role, secrets: stack.secrets, readsAll: true }, (app) =>
        run({ config, output, app, stack, signal, startedMs }, options),
      ),
    );
  });
}

function refuseImpossible({ databaseUrl }: Config, { fresh, yes, end }: UpOptions): void {
  if (fresh && databaseUrl !== null && !yes) {
    const { host, pathname } = new URL(databaseUrl);
    throw new DomainError(
      'invalid',
      `--fresh would delete all data of ${host}${pathname}; say --yes as well if that is meant.`,
    );
  }
  if (end !== null && end > utcDayOf(Date.now())) throw new DomainError('invalid', `--end ${end} is in the future.`);
}

type Prepared = Omit<Stack, 'apiUrl' | 'logFolder'>;

async function prepareDatabase(
  output: Output,
  { database, role, secrets }: Prepared,
  { fresh }: UpOptions,
): Promise<void> {
  if (fresh) {
    const stage = output.stage('fresh start');
    await deleteAllData(database.url);
    stage.done('all data deleted');
  }
  const stage = output.stage('default curriculum');
  const imported = await withApp({ url: database.url, role, secrets, sends: true }, (app) =>
    importDefaultCurriculum(app),
  );
  const rows = imported.topics + imported.relationships + imported.questions + imported.materials;
  stage.done(
    rows === 0
      ? 'up to date'
      : `${imported.topics} topics, ${imported.questions} questions, ${imported.materials} materials`,
  );
}

async function run(context: Context, options: UpOptions): Promise<boolean> {
  const { app, config, output, stack, signal, startedMs } = context;
  const makeToken = createTokenMaker(config, stack.secrets.tokenSecret);
  const client = createServiceClient(stack.apiUrl, makeToken);
  const examples = await sendExamples({ app, client, output, signal }, options);
  await idleStage({ app, output, signal });
  const verified = await verifyStage(app, output);
  const userId = await findBusiestLearner(app, examples.userIds);
  if (userId === null) throw new DomainError('internal', 'No example learner has a row of metrics.');
  await showDashboard(context, userId);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const totals = await countData(app);
  output.line();
  output.line(
    `  ${count(totals.learners)} learners, ${count(totals.events)} events, ${count(totals.attempts)} answers; verify: ${summaryOf(verified)}; ${seconds} s`,
  );
  if (!options.exit) {
    showAddresses(context, await makeToken({ userId, role: 'learner' }));
    await aborted(signal);
    output.line('\n  ending …');
  }
  output.result({ ...totals, verify: summaryOf(verified), seconds });
  return verified.ok && examples.isComplete;
}

async function showDashboard({ config, output, stack }: Context, userId: string): Promise<void> {
  const makeToken = createTokenMaker(config, stack.secrets.tokenSecret);
  const learner = createClient({ url: stack.apiUrl, token: await makeToken({ userId, role: 'learner' }) });
  const answer = await learner.dashboard.all.query();
  output.line();
  output.line(`Learner ${userId}`);
  output.line();
  for (const line of renderDashboard(answer, { colors: output.colors })) output.line(line);
}

function showAddresses({ output, stack }: Context, token: string): void {
  output.line(`
  API        ${stack.apiUrl}/trpc
  health     ${stack.apiUrl}/readyz
  metrics    ${stack.apiUrl}/metrics
  logs       ${stack.logFolder ?? ''}
  token      ${token}
             (this learner's, for an hour; studyin token makes others)

  curl -H "Authorization: Bearer $TOKEN" ${stack.apiUrl}/trpc/dashboard.overview

  Ctrl-C ends everything; the data stays.`);
}
