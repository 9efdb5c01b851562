// Inputs and outputs of dashboard.readiness and dashboard.forgettingCurve.
import { z } from 'zod';
import { column, count, day, id, inputId, instant, ofLearner, share } from './dashboard-fields.ts';

const name = { topicId: id, slug: z.string(), name: z.string() };

export const readinessInput = z.strictObject({ ...ofLearner }).default({});

export const readinessOutput = z.strictObject({
  asOf: instant.nullable(),
  score: share.nullable(),
  low: share.nullable(),
  high: share.nullable(),
  coverage: share,
  systems: column(z.strictObject({ ...name, share, score: share, coverage: share })),
  insufficient: column(z.enum(['no_model', 'few_answers', 'narrow'])),
  modelVersion: count,
});

export const forgettingCurveInput = z.strictObject({
  ...ofLearner,
  topicId: inputId,
  days: z.int().min(1).max(90).default(90),
});

const reviews = z.strictObject({ reviews: count, right: count, retention: share.nullable() });

export const forgettingCurveOutput = z.strictObject({
  ...name,
  fromDay: day,
  toDay: day,
  observed: z.strictObject({
    fromDays: column(count),
    toDays: column(count),
    reviews: column(count),
    right: column(count),
    retention: column(share.nullable()),
  }),
  young: reviews,
  mature: reviews,
  expected: z.strictObject({ questions: count, days: column(count), recall: column(share) }),
});
