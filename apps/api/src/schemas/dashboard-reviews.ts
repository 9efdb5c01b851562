// Inputs and outputs of dashboard.reviewQueue and dashboard.reviewForecast.
import { z } from 'zod';
import { column, count, cursor, day, id, ofLearner, ofPage, share } from './dashboard-fields.ts';

export const reviewQueueInput = z.strictObject({ ...ofLearner, ...ofPage }).default({ limit: 50 });

export const reviewQueueOutput = z.strictObject({
  asOf: day,
  total: count,
  questionIds: column(id),
  topicIds: column(id),
  dueDays: column(day),
  overdueDays: column(count),
  intervalDays: column(count),
  retrievability: column(share.nullable()),
  lastAnsweredOn: column(day),
  nextCursor: cursor.nullable(),
});

export const reviewForecastInput = z
  .strictObject({ ...ofLearner, days: z.int().min(1).max(30).default(30) })
  .default({ days: 30 });

export const reviewForecastOutput = z.strictObject({
  asOf: day,
  days: column(day),
  due: column(count),
  overdue: count,
});
