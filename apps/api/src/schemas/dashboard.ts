// Inputs and outputs of dashboard.*. A day is 'YYYY-MM-DD', an instant ISO 8601 in UTC, a share is between 0 and 1; series are
// columns of one length. `asOf` of a block is the study day or the instant that its rows were evaluated at.
import { z } from 'zod';
import {
  amount,
  column,
  count,
  cursor,
  day,
  days,
  evidence,
  id,
  inputId,
  inputIds,
  instant,
  level,
  ofLearner,
  ofPage,
  share,
  trend,
} from './dashboard-fields.ts';
import { gapsOutput } from './dashboard-gaps.ts';

export const overviewInput = z.strictObject(ofLearner).default({});

const overviewWindow = z.strictObject({
  minutes: amount,
  sessions: count,
  activeDays: count,
  questions: count,
  correct: count,
  accuracy: share.nullable(),
  xp: z.int(),
  topics: count,
});

export const overviewOutput = z.strictObject({
  asOf: day.nullable(),
  calculationVersion: count.nullable(),
  last7Days: overviewWindow,
  last30Days: overviewWindow,
  last90Days: overviewWindow,
  allTime: overviewWindow,
  streak: z.strictObject({ currentDays: count, longestDays: count, lastStudyDay: day.nullable() }),
  mastery: z.strictObject({
    mean: share.nullable(),
    topicsMastered: count,
    topicsInProgress: count,
    topicsWeak: count,
  }),
  readiness: share.nullable(),
  focusTopics: column(id),
});

export const heatmapInput = z.strictObject({ ...ofLearner, days: days.default(90) }).default({ days: 90 });

export const heatmapOutput = z.strictObject({
  asOf: day.nullable(),
  days: column(day),
  minutes: column(amount),
  sessions: column(count),
  questions: column(count),
  correct: column(count),
  xp: column(z.int()),
  levels: column(level),
});

export const sessionsInput = z
  .strictObject({ ...ofLearner, days: days.default(30), ...ofPage })
  .default({ days: 30, limit: 50 });

export const sessionsOutput = z.strictObject({
  asOf: instant.nullable(),
  sessions: column(
    z.strictObject({
      sessionId: id,
      startedAt: instant,
      endedAt: instant.nullable(),
      lastEventAt: instant,
      studyDay: day.nullable(),
      durationMinutes: amount,
      activeMinutes: amount,
      pauses: count,
      materialsViewed: count,
      materialsCompleted: count,
      chunksRead: count,
      questions: count,
      correct: count,
      accuracy: share.nullable(),
      aiInteractions: count,
      xp: z.int(),
      achievements: count,
      deviceType: z.string().nullable(),
      timezone: z.string().nullable(),
      isActive: z.boolean(),
      topics: column(id),
    }),
  ),
  nextCursor: cursor.nullable(),
});

export const masteryInput = z
  .strictObject({
    ...ofLearner,
    topicIds: inputIds.optional(),
    order: z.enum(['weakest', 'strongest', 'name']).default('weakest'),
    ...ofPage,
  })
  .default({ order: 'weakest', limit: 50 });

export const masteryOutput = z.strictObject({
  asOf: instant.nullable(),
  topics: column(
    z.strictObject({
      topicId: id,
      parentId: id.nullable(),
      level: z.int().min(0).max(3),
      slug: z.string(),
      name: z.string(),
      examWeight: amount,
      mastery: share.nullable(),
      confidence: share.nullable(),
      retrievalStrength: share.nullable(),
      firstAttemptAccuracy: share.nullable(),
      overallAccuracy: share.nullable(),
      materialCompletion: share.nullable(),
      questions: count,
      correct: count,
      materialsCompleted: count,
      materialsTotal: count,
      minutes: amount,
      meanResponseSeconds: amount.nullable(),
      trend,
      evidence,
      isMastered: z.boolean(),
      nextReviewDay: day.nullable(),
      firstStudiedAt: instant,
      lastStudiedAt: instant,
      calculationVersion: count,
      asOf: instant,
    }),
  ),
  systems: column(
    z.strictObject({
      topicId: id,
      slug: z.string(),
      name: z.string(),
      examWeight: amount,
      mastery: share,
      topicsTotal: count,
      topicsPractised: count,
      questions: count,
      correct: count,
    }),
  ),
  nextCursor: cursor.nullable(),
});

export const topicTrendInput = z.strictObject({ ...ofLearner, topicId: inputId, days: days.default(90) });

export const topicTrendOutput = z.strictObject({
  asOf: day.nullable(),
  topicId: id,
  slug: z.string(),
  name: z.string(),
  days: column(day),
  minutes: column(amount),
  materialsViewed: column(count),
  questions: column(count),
  correct: column(count),
  accuracy: column(share.nullable()),
  masteryBefore: column(share.nullable()),
  masteryAfter: column(share.nullable()),
});

export const questionHistoryInput = z.strictObject({ ...ofLearner, questionId: inputId, ...ofPage });

export const questionHistoryOutput = z.strictObject({
  asOf: instant.nullable(),
  questionId: id,
  attemptsTotal: count,
  correctTotal: count,
  dueDay: day.nullable(),
  intervalDays: count.nullable(),
  attempts: column(
    z.strictObject({
      eventId: id,
      attemptNumber: z.int().min(1),
      attemptedAt: instant,
      studyDay: day,
      sessionId: id,
      topicId: id,
      selectedAnswer: z.string(),
      correctAnswer: z.string().nullable(),
      isCorrect: z.boolean(),
      timeToAnswerSeconds: amount,
      confidenceLevel: z.int().min(1).max(5).nullable(),
      hintUsed: z.boolean(),
      explanationViewed: z.boolean(),
      daysSinceLastAttempt: count.nullable(),
    }),
  ),
  nextCursor: cursor.nullable(),
});

export const firstAttemptAccuracyInput = z
  .strictObject({ ...ofLearner, topicId: inputId.optional(), days: days.default(90) })
  .default({ days: 90 });

export const firstAttemptAccuracyOutput = z.strictObject({
  asOf: instant.nullable(),
  topicId: id.nullable(),
  questions: count,
  correct: count,
  accuracy: share.nullable(),
  series: z.strictObject({
    days: column(day),
    questions: column(count),
    correct: column(count),
    accuracy: column(share.nullable()),
  }),
});

export const materialProgressInput = z
  .strictObject({
    ...ofLearner,
    materialId: inputId.optional(),
    topicId: inputId.optional(),
    ...ofPage,
  })
  .default({ limit: 50 });

export const materialProgressOutput = z.strictObject({
  asOf: instant.nullable(),
  materials: column(
    z.strictObject({
      materialId: id,
      topicId: id.nullable(),
      kind: z.string().nullable(),
      estimatedMinutes: amount.nullable(),
      startedAt: instant,
      lastReadAt: instant,
      minutes: amount,
      completion: share,
      isComplete: z.boolean(),
      completedAt: instant.nullable(),
      scrollDepthPercent: z.number().min(0).max(100),
      chunksTotal: count,
      chunksRead: count,
      chunksCompleted: count,
      revisits: count,
      highlights: count,
      notes: count,
      isBookmarked: z.boolean(),
    }),
  ),
  nextCursor: cursor.nullable(),
});

export const allInput = z.strictObject(ofLearner).default({});

export const allOutput = z.strictObject({
  overview: overviewOutput,
  heatmap: heatmapOutput,
  mastery: masteryOutput,
  gaps: gapsOutput,
  sessions: sessionsOutput,
  due: z.strictObject({ asOf: day, count, overdue: count }),
});
