import {
  explainTopic,
  getDashboard,
  getFirstAttemptAccuracy,
  getHeatmap,
  getMaterialProgress,
  getOverview,
  getQuestionHistory,
  getReviewForecast,
  getTopicTrend,
  listDueReviews,
  listGaps,
  listMastery,
  listSessions,
} from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { dashboardProcedure, learnerToRead } from '../access.ts';
import type { ViewerContext } from '../access.ts';
import * as gapSchemas from '../schemas/dashboard-gaps.ts';
import * as reviewSchemas from '../schemas/dashboard-reviews.ts';
import * as schemas from '../schemas/dashboard.ts';
import { router } from '../trpc.ts';

type Call<Input> = { readonly ctx: ViewerContext; readonly input: Input; readonly path: string };
type Asked<Input> = Omit<Input, 'userId'> & { readonly userId: string; readonly today: string };

/** Resolves whose dashboard it is, then answers from the cache or by `find`. */
async function answer<Input extends { readonly userId?: string | undefined }, Answer extends object>(
  { ctx, input, path }: Call<Input>,
  find: (app: App, asked: Asked<Input>) => Promise<Answer>,
): Promise<Answer> {
  const { userId: named, ...question } = input;
  const userId = await learnerToRead(ctx, { named, action: path });
  return ctx.cache.answer({ procedure: path, userId, input: question }, ({ studyDay }) =>
    find(ctx.app, { ...question, userId, today: studyDay }),
  );
}

export const dashboardRouter = router({
  overview: dashboardProcedure
    .input(schemas.overviewInput)
    .output(schemas.overviewOutput)
    .query((call) => answer(call, getOverview)),

  heatmap: dashboardProcedure
    .input(schemas.heatmapInput)
    .output(schemas.heatmapOutput)
    .query((call) => answer(call, getHeatmap)),

  sessions: dashboardProcedure
    .input(schemas.sessionsInput)
    .output(schemas.sessionsOutput)
    .query((call) => answer(call, listSessions)),

  mastery: dashboardProcedure
    .input(schemas.masteryInput)
    .output(schemas.masteryOutput)
    .query((call) => answer(call, listMastery)),

  topicTrend: dashboardProcedure
    .input(schemas.topicTrendInput)
    .output(schemas.topicTrendOutput)
    .query((call) => answer(call, getTopicTrend)),

  gaps: dashboardProcedure
    .input(gapSchemas.gapsInput)
    .output(gapSchemas.gapsOutput)
    .query((call) => answer(call, listGaps)),

  explain: dashboardProcedure
    .input(gapSchemas.explainInput)
    .output(gapSchemas.explainOutput)
    .query((call) => answer(call, explainTopic)),

  reviewQueue: dashboardProcedure
    .input(reviewSchemas.reviewQueueInput)
    .output(reviewSchemas.reviewQueueOutput)
    .query((call) => answer(call, listDueReviews)),

  reviewForecast: dashboardProcedure
    .input(reviewSchemas.reviewForecastInput)
    .output(reviewSchemas.reviewForecastOutput)
    .query((call) => answer(call, getReviewForecast)),

  questionHistory: dashboardProcedure
    .input(schemas.questionHistoryInput)
    .output(schemas.questionHistoryOutput)
    .query((call) => answer(call, getQuestionHistory)),

  firstAttemptAccuracy: dashboardProcedure
    .input(schemas.firstAttemptAccuracyInput)
    .output(schemas.firstAttemptAccuracyOutput)
    .query((call) => answer(call, getFirstAttemptAccuracy)),

  materialProgress: dashboardProcedure
    .input(schemas.materialProgressInput)
    .output(schemas.materialProgressOutput)
    .query((call) => answer(call, getMaterialProgress)),

  all: dashboardProcedure
    .input(schemas.allInput)
    .output(schemas.allOutput)
    .query((call) => answer(call, getDashboard)),
});
