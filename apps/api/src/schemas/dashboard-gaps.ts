// Inputs and outputs of dashboard.gaps and dashboard.explain.
import { z } from 'zod';
import { amount, column, count, day, evidence, id, inputId, instant, ofLearner, share } from './dashboard-fields.ts';

const severity = z.enum(['critical', 'high', 'medium', 'low']);
const version = z.literal([1, 2]);

const reason = z.strictObject({
  code: z.enum([
    'untried',
    'low_mastery',
    'low_accuracy',
    'recent_failures',
    'few_answers',
    'untried_questions',
    'exam_weight',
    'blocks_topics',
    'blocked',
  ]),
  text: z.string(),
});

const namedTopic = z.strictObject({ topicId: id, slug: z.string(), name: z.string() });

const term = {
  code: z.enum(['mastery', 'untried', 'failures', 'exam_weight', 'prerequisite']),
  value: amount,
  factor: amount,
  contribution: amount,
};

const importanceTerm = { code: z.enum(['base', 'exam_weight', 'prerequisite']), contribution: share };

export const gapsInput = z
  .strictObject({ ...ofLearner, limit: z.int().min(1).max(50).default(20) })
  .default({ limit: 20 });

export const gapsOutput = z.strictObject({
  asOf: instant.nullable(),
  gaps: column(
    z.strictObject({
      topicId: id,
      slug: z.string(),
      name: z.string(),
      severity,
      gapScore: share,
      priorityScore: amount,
      terms: column(z.strictObject(term)),
      importance: column(z.strictObject(importanceTerm)),
      attempts: count,
      accuracy: share.nullable(),
      recentFailureRate: share.nullable(),
      untriedShare: share,
      examWeight: amount,
      blocksCount: count,
      isReady: z.boolean(),
      blockedBy: column(namedTopic),
      path: column(namedTopic),
      estimatedHours: amount.nullable(),
      recommendedMaterials: column(id),
      reasons: column(reason),
      identifiedOn: day,
      calculationVersion: version,
      asOf: instant,
    }),
  ),
});

export const explainInput = z.strictObject({ ...ofLearner, topicId: inputId });

const text = z.string();
const number = z.number();
// Of version 1, then of version 2.
const masteryTerm = z.enum([
  ...(['first_attempt', 'overall', 'retrieval', 'material'] as const),
  ...(['base', 'topic_difficulty', 'learner', 'topic', 'recent', 'new_topic', 'topic_pause'] as const),
]);

export const explainOutput = z.strictObject({
  topicId: id,
  slug: z.string(),
  name: z.string(),
  mastery: z
    .strictObject({
      score: share,
      evidence,
      isMastered: z.boolean(),
      confidence: share,
      unit: z.enum(['score', 'log_odds']),
      terms: column(z.strictObject({ code: masteryTerm, value: number, weight: number, contribution: number, text })),
      changes: column(
        z.strictObject({
          code: z.enum(['right_answer', 'wrong_answer', 'week_without']),
          score: share,
          change: z.number().min(-1).max(1),
          text,
        }),
      ),
      movers: column(
        z.strictObject({ questionId: id, answeredAt: instant, isCorrect: z.boolean(), logOdds: number, text }),
      ),
      timeToMastery: z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('mastered'), days: count }),
        z.strictObject({ state: z.literal('on_the_way'), days: count }),
        z.strictObject({ state: z.literal('unknown'), why: z.enum(['few_days', 'no_progress', 'too_far']) }),
      ]),
      calculationVersion: count,
      modelVersion: count,
      asOf: instant,
    })
    .nullable(),
  gap: z
    .strictObject({
      severity,
      priorityScore: amount,
      rank: z.int().min(1),
      terms: column(z.strictObject({ ...term, text })),
      importance: column(z.strictObject({ ...importanceTerm, text })),
      isReady: z.boolean(),
      blockedBy: column(namedTopic),
      estimatedHours: amount.nullable(),
      reasons: column(reason),
      identifiedOn: day,
      calculationVersion: version,
      asOf: instant,
    })
    .nullable(),
});
