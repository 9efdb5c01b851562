import { utcDayOf } from '@studyin/domain/algorithms';
import type { App } from '@studyin/domain/services';
import type { Client, EventInput } from '@studyin/client';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { withStack } from '../open-stack.ts';
import type { Stack } from '../open-stack.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { importReplayTopics } from '../replay/import-topics.ts';
import { logNameOf, planReplay, shiftTo } from '../replay/plan-replay.ts';
import type { PlannedAnswer, ReplayPlan } from '../replay/plan-replay.ts';
import { predictReplay } from '../replay/predict-replay.ts';
import { readAnswerLog } from '../replay/read-answer-log.ts';
import type { LoggedAnswer } from '../replay/read-answer-log.ts';
import { findRunMark, saveRunMark } from '../run-marks.ts';
import { countLost, describeCounts, sendLanes } from '../send-lanes.ts';
import type { SendCounts } from '../send-lanes.ts';
import { createServiceClient } from '../service-client.ts';
import { createTokenMaker } from '../token.ts';
import { summaryOf, verifyStage } from '../verify-stage.ts';
import { idleStage } from '../idle-stage.ts';
import { withApp } from '../with-app.ts';

export type ReplayOptions = {
  readonly file: string;
  readonly limitUsers: number | null;
  /** The study day that the last answer lies at most a week before. */
  readonly end: string | null;
};

type Run = { readonly config: Config; readonly output: Output };

const LANES = 6;
const DAY_MS = 86_400_000;

/** Sends an answer log through the API, waits for the worker and judges the result. Answers whether everything verified. */
export async function replay({ config, output }: Run, options: ReplayOptions): Promise<boolean> {
  const log = readAnswerLog(options.file);
  return interruptible((signal) =>
    withStack({ config, output }, { signal }, (stack) =>
      withApp({ url: stack.database.url, role: stack.role, secrets: stack.secrets, readsAll: true }, (app) =>
        replayInto({ app, output, stack, config, signal }, log, options),
      ),
    ),
  );
}

type Context = Run & { readonly app: App; readonly stack: Stack; readonly signal: AbortSignal };

async function replayInto(context: Context, log: readonly LoggedAnswer[], options: ReplayOptions): Promise<boolean> {
  const { app, output, stack, config } = context;
  const plan = await makePlan(app, log, options);
  const client = createServiceClient(stack.apiUrl, createTokenMaker(config, stack.secrets.tokenSecret));
  await importReplayTopics(client, plan.topics, { logName: logNameOf(options.file), output });
  const started = performance.now();
  const counts = await sendAnswers(context, client, plan);
  await idleStage(context);
  const seconds = (performance.now() - started) / 1000;
  const auc = predictReplay(plan.answers);
  const verified = await verifyStage(app, output);
  const attempts = plan.answers.length;
  output.line();
  output.line(
    `  ${count(attempts)} answers of ${count(plan.learners)} learners, ${count(counts.accepted)} of them new`,
  );
  output.line(
    `  ${count(Math.round(attempts / seconds))} attempts per second, from the first one sent to the last one in its mastery`,
  );
  output.line(
    `  mastery-v1 forecasts them with AUC ${show(auc.masteryV1)}, in topics practised before ${show(auc.masteryV1Practised)}`,
  );
  output.result({
    attempts,
    accepted: counts.accepted,
    seconds: Math.round(seconds * 10) / 10,
    auc,
    verify: summaryOf(verified),
  });
  return verified.ok && countLost(counts) === 0;
}

/** The same file ends where it ended the first time, so that running it again next week adds nothing. */
async function makePlan(
  app: App,
  log: readonly LoggedAnswer[],
  { file, limitUsers, end }: ReplayOptions,
): Promise<ReplayPlan> {
  const logName = logNameOf(file);
  const step = `cli replay ${logName}`;
  const mark = end === null ? await findRunMark(app, step) : null;
  const endDay = end ?? mark?.day ?? null;
  const shiftMs = shiftTo(log, endDay === null ? Date.now() : Date.parse(`${endDay}T00:00:00Z`) + DAY_MS - 1);
  const lastMs = log.reduce((last, { t }) => Math.max(last, t), 0) * 1000 + shiftMs;
  await saveRunMark(app, step, { day: utcDayOf(lastMs), isFinished: false, rows: log.length });
  return planReplay(log, { logName, shiftMs, limitUsers });
}

async function sendAnswers({ output, signal }: Context, client: Client, { answers }: ReplayPlan): Promise<SendCounts> {
  const stage = output.stage('sending');
  const learners = [...Map.groupBy(answers, ({ userId }) => userId).keys()];
  const laneOf = new Map(learners.map((userId, index) => [userId, index % LANES]));
  const lanes = Array.from({ length: LANES }, (_, lane) => [
    answers.filter(({ userId }) => laneOf.get(userId) === lane).map(eventOf),
  ]);
  const onProgress = (answered: number): void => stage.progress(answered, answers.length, 'answers');
  const counts = await sendLanes(client, lanes, { signal, onProgress });
  stage.done(describeCounts(counts));
  return counts;
}

function eventOf(answer: PlannedAnswer): EventInput {
  const { eventId, userId, sessionId, questionId, topicId, isCorrect, timeToAnswerSeconds } = answer;
  return {
    eventType: 'question_attempt',
    eventId,
    userId,
    sessionId,
    questionId,
    topicId,
    // The log knows the verdict alone; the service keeps it, since it has no key for these questions.
    properties: { selectedAnswer: isCorrect ? 'right' : 'wrong', isCorrect, timeToAnswerSeconds },
  };
}

function show(value: number | null): string {
  return value === null ? 'unknown (all right or all wrong)' : value.toFixed(3);
}
