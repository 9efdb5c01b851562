import {
  explainTopic,
  findOnStudyDay,
  getComparison,
  getDashboard,
  getEfficiency,
  getFirstAttemptAccuracy,
  getForgettingCurve,
  getHeatmap,
  getMaterialProgress,
  getOverview,
  getPatterns,
  getQuestionHistory,
  getReadiness,
  getReviewForecast,
  getTopicTrend,
  listDueReviews,
  listGaps,
  listMastery,
  listSessions,
} from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { z } from 'zod';
import { dashboardProcedure, learnerToRead } from '../access.ts';
import type { ViewerContext } from '../access.ts';
import type { OwnVersion } from '../cache.ts';
import { checkAnswer } from '../schemas/check-answer.ts';
import * as analyticsSchemas from '../schemas/dashboard-analytics.ts';
import * as gapSchemas from '../schemas/dashboard-gaps.ts';
import * as readinessSchemas from '../schemas/dashboard-readiness.ts';
import * as reviewSchemas from '../schemas/dashboard-reviews.ts';
import * as schemas from '../schemas/dashboard.ts';
import { router } from '../trpc.ts';

type Call<Input> = { readonly ctx: ViewerContext; readonly input: Input; readonly path: string };
type OutputSchema = z.ZodObject;
type Asked<Input> = Omit<Input, 'userId'> & { readonly userId: string };
type AskedToday<Input> = Asked<Input> & { readonly today: string };

type Find<Asked, Answer> = (app: App, asked: Asked) => Promise<Answer>;
type OfSomebody = { readonly userId?: string | undefined };

type Search<Input, Schema extends OutputSchema> = {
  readonly find: (app: App, asked: Asked<Input>, version: Promise<OwnVersion>) => Promise<z.input<Schema>>;
  readonly schema: Schema;
  readonly isOwn?: boolean;
  readonly isByPool?: boolean;
};

/** Resolves whose dashboard it is, then answers from the cache or by `find`; what is kept has passed the output's schema. */
async function answerBy<Input extends OfSomebody, Schema extends OutputSchema>(
  { ctx, input, path }: Call<Input>,
  { find, schema, isOwn = false, isByPool = false }: Search<Input, Schema>,
): Promise<z.output<Schema>> {
  const { userId: named, ...question } = input;
  const userId = await learnerToRead(ctx, { named, action: path });
  return ctx.services.cache.answer(
    { procedure: path, userId, input: question, isOwn, isByPool },
    async (app, version) => checkAnswer(schema, await find(app, { ...question, userId }, version)),
  );
}

function answer<Input extends OfSomebody, Schema extends OutputSchema>(
  call: Call<Input>,
  find: Find<Asked<Input>, z.input<Schema>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  return answerBy(call, { find, schema });
}

/** `answer` for what also reads by connections of its own, for which a search that held one could wait for ever. */
function answerByPool<Input extends OfSomebody, Schema extends OutputSchema>(
  call: Call<Input>,
  find: Find<Asked<Input>, z.input<Schema>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const findAfter = async (app: App, asked: Asked<Input>, version: Promise<OwnVersion>) => {
    await version; // the rows are asked for after it, on whatever connection
    return find(app, asked);
  };
  return answerBy(call, { find: findAfter, schema, isByPool: true });
}

/** `answer` for what is made of the learner's rows alone: nothing of the curriculum, nothing of peers. */
function answerOwn<Input extends OfSomebody, Schema extends OutputSchema>(
  call: Call<Input>,
  find: Find<Asked<Input>, z.input<Schema>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  return answerBy(call, { find, schema, isOwn: true });
}

/** `answer` for what depends on the learner's study day. */
function answerToday<Input extends OfSomebody, Schema extends OutputSchema>(
  call: Call<Input>,
  find: Find<AskedToday<Input>, z.input<Schema>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  return answerBy(call, { find: onStudyDay(find), schema });
}

/** `answerOwn` for what depends on the learner's study day. */
function answerOwnToday<Input extends OfSomebody, Schema extends OutputSchema>(
  call: Call<Input>,
  find: Find<AskedToday<Input>, z.input<Schema>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  return answerBy(call, { find: onStudyDay(find), schema, isOwn: true });
}

function onStudyDay<Input, Answer>(find: Find<AskedToday<Input>, Answer>) {
  return (app: App, asked: Asked<Input>, known: Promise<OwnVersion>): Promise<Answer> =>
    findOnStudyDay(app, { userId: asked.userId, known }, (today) => find(app, { ...asked, today }));
}

// Without `.output`: what `answerBy` gives has passed its schema, and each middleware of tRPC copies the whole context.
export const dashboardRouter = router({
  overview: dashboardProcedure
    .input(schemas.overviewInput)
    .query((call) => answerOwn(call, getOverview, schemas.overviewOutput)),

  heatmap: dashboardProcedure
    .input(schemas.heatmapInput)
    .query((call) => answerOwnToday(call, getHeatmap, schemas.heatmapOutput)),

  sessions: dashboardProcedure
    .input(schemas.sessionsInput)
    .query((call) => answerOwnToday(call, listSessions, schemas.sessionsOutput)),

  mastery: dashboardProcedure
    .input(schemas.masteryInput)
    .query((call) => answer(call, listMastery, schemas.masteryOutput)),

  topicTrend: dashboardProcedure
    .input(schemas.topicTrendInput)
    .query((call) => answerToday(call, getTopicTrend, schemas.topicTrendOutput)),

  gaps: dashboardProcedure.input(gapSchemas.gapsInput).query((call) => answer(call, listGaps, gapSchemas.gapsOutput)),

  readiness: dashboardProcedure
    .input(readinessSchemas.readinessInput)
    .query((call) => answerByPool(call, getReadiness, readinessSchemas.readinessOutput)),

  forgettingCurve: dashboardProcedure
    .input(readinessSchemas.forgettingCurveInput)
    .query((call) => answerToday(call, getForgettingCurve, readinessSchemas.forgettingCurveOutput)),

  explain: dashboardProcedure
    .input(gapSchemas.explainInput)
    .query((call) => answer(call, explainTopic, gapSchemas.explainOutput)),

  reviewQueue: dashboardProcedure
    .input(reviewSchemas.reviewQueueInput)
    .query((call) => answerOwnToday(call, listDueReviews, reviewSchemas.reviewQueueOutput)),

  reviewForecast: dashboardProcedure
    .input(reviewSchemas.reviewForecastInput)
    .query((call) => answerOwnToday(call, getReviewForecast, reviewSchemas.reviewForecastOutput)),

  questionHistory: dashboardProcedure
    .input(schemas.questionHistoryInput)
    .query((call) => answerOwn(call, getQuestionHistory, schemas.questionHistoryOutput)),

  firstAttemptAccuracy: dashboardProcedure
    .input(schemas.firstAttemptAccuracyInput)
    .query((call) => answerOwnToday(call, getFirstAttemptAccuracy, schemas.firstAttemptAccuracyOutput)),

  materialProgress: dashboardProcedure
    .input(schemas.materialProgressInput)
    .query((call) => answer(call, getMaterialProgress, schemas.materialProgressOutput)),

  efficiency: dashboardProcedure
    .input(analyticsSchemas.efficiencyInput)
    .query((call) => answerOwnToday(call, getEfficiency, analyticsSchemas.efficiencyOutput)),

  patterns: dashboardProcedure
    .input(analyticsSchemas.patternsInput)
    .query((call) => answerToday(call, getPatterns, analyticsSchemas.patternsOutput)),

  comparison: dashboardProcedure
    .input(analyticsSchemas.comparisonInput)
    .query((call) => answerToday(call, getComparison, analyticsSchemas.comparisonOutput)),

  all: dashboardProcedure.input(schemas.allInput).query((call) => answerToday(call, getDashboard, schemas.allOutput)),
});
