// Inputs and outputs of dashboard.efficiency, dashboard.patterns and dashboard.comparison. A figure without enough behind it is
// null, and `insufficient` says what it lacks.
import { z } from 'zod';
import { amount, column, count, day, id, inputId, ofLearner, share } from './dashboard-fields.ts';

const habitDays = z.int().min(1).max(90);
const hour = z.int().min(0).max(23);
const difference = z.number().min(-1).max(1);
const quartiles = z.strictObject({ lower: amount, median: amount, upper: amount }).nullable();

const accuracyColumns = {
  answers: column(count),
  correct: column(count),
  accuracy: column(share.nullable()),
  lower: column(share.nullable()),
  upper: column(share.nullable()),
};

const period = { asOf: day.nullable(), fromDay: day, toDay: day };

const missing = <Figure extends string, Needed extends string>(figures: readonly Figure[], needed: readonly Needed[]) =>
  column(z.strictObject({ figure: z.enum(figures), needed: z.enum(needed), have: count, need: count }));

export const efficiencyInput = z.strictObject({ ...ofLearner, days: habitDays.default(90) }).default({ days: 90 });

export const efficiencyOutput = z.strictObject({
  ...period,
  totalMinutes: amount,
  activeMinutes: amount,
  activeShare: share.nullable(),
  sessions: count,
  sessionMinutes: quartiles,
  sessionLengths: z.strictObject({ fromMinutes: column(count), sessions: column(count) }),
  answers: count,
  answerSeconds: quartiles,
  answersPerActiveHour: amount.nullable(),
  hours: z.strictObject({ hours: column(hour), ...accuracyColumns }),
  bestHour: z
    .strictObject({
      hour,
      answers: count,
      accuracy: share,
      lower: share,
      upper: share,
      difference,
      differenceLower: z.number(),
      differenceUpper: z.number(),
      isClear: z.boolean(),
    })
    .nullable(),
  insufficient: missing(
    ['activeShare', 'sessionLength', 'answerSeconds', 'answersPerActiveHour', 'bestHour'],
    ['seconds', 'sessions', 'answers', 'active_minutes', 'hours'],
  ),
});

export const patternsInput = z.strictObject({ ...ofLearner, days: habitDays.default(90) }).default({ days: 90 });

export const patternsOutput = z.strictObject({
  ...period,
  consistency: z.strictObject({
    days: count,
    activeDays: count,
    activeShare: share.nullable(),
    goalDays: count,
    longestBreakDays: count,
  }),
  streak: z.strictObject({ currentDays: count, longestDays: count, lastStudyDay: day.nullable() }),
  week: z.strictObject({
    weekdays: column(z.int().min(1).max(7)),
    hours: column(hour),
    sessions: column(count),
    answers: column(count),
    correct: column(count),
  }),
  minutes: z.strictObject({ fromMinutes: column(count), ...accuracyColumns }),
  lateChange: z
    .strictObject({
      early: share,
      late: share,
      difference,
      lower: z.number(),
      upper: z.number(),
      isClear: z.boolean(),
    })
    .nullable(),
  materialKinds: z.strictObject({
    kinds: column(z.string().nullable()),
    minutes: column(amount),
    shares: column(share.nullable()),
    materials: column(count),
    completed: column(count),
  }),
  insufficient: missing(['consistency', 'lateChange', 'materialKinds'], ['days', 'answers', 'materials']),
});

export const comparisonInput = z.strictObject({ ...ofLearner, topicId: inputId.optional() }).default({});

export const comparisonOutput = z.strictObject({
  topic: z.strictObject({ topicId: id, slug: z.string(), name: z.string() }).nullable(),
  metrics: column(
    z.strictObject({
      metric: z.enum(['meanMastery', 'accuracy30Days', 'minutes30Days', 'topicMastery']),
      unit: z.enum(['share', 'minutes']),
      value: amount.nullable(),
      asOf: day.nullable(),
      peersAsOf: day.nullable(),
      learners: count.nullable(),
      deciles: column(amount).nullable(),
      percentileFrom: z.int().min(0).max(100).nullable(),
      percentileTo: z.int().min(0).max(100).nullable(),
      insufficient: column(z.strictObject({ needed: z.enum(['own_value', 'learners']), need: count })),
    }),
  ),
});
