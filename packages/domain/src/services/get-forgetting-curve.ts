import { addDays, computeForgettingCurve, expectedRecall } from '../algorithms/index.ts';
import type { ReviewCounts } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { listStabilities, listTopicAnswers } from '../stores/dashboard-answer-store.ts';
import { findTopicState } from '../stores/dashboard-gap-store.ts';

export type ForgettingCurveAnswer = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  /** The study days whose answers are counted. */
  readonly fromDay: string;
  readonly toDay: string;
  /** Columns: reviews by the study days since the question's answer before. */
  readonly observed: {
    readonly fromDays: readonly number[];
    readonly toDays: readonly number[];
    readonly reviews: readonly number[];
    readonly right: readonly number[];
    readonly retention: readonly (number | null)[];
  };
  readonly young: ReviewCounts;
  readonly mature: ReviewCounts;
  /** Columns: what FSRS-6 expects so many days after the last answers, on average over the topic's `questions`. */
  readonly expected: {
    readonly questions: number;
    readonly days: readonly number[];
    readonly recall: readonly number[];
  };
};

export type ForgettingCurveQuery = {
  readonly userId: string;
  readonly topicId: string;
  readonly today: string;
  readonly days: number;
};

/** How a learner forgets in a topic, by their answers of the last `days` study days. Throws `not_found` for an unknown topic or learner. */
export async function getForgettingCurve(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, topicId, today, days }: ForgettingCurveQuery,
): Promise<ForgettingCurveAnswer> {
  const { reader } = database;
  const fromDay = addDays(today, 1 - days);
  const [topic, answers, stabilities] = await Promise.all([
    findTopicState(reader, { userId, topicId }),
    listTopicAnswers(reader, { userId, topicId, fromDay, toDay: today }),
    listStabilities(reader, { userId, topicId }),
  ]);
  if (topic === null) throw new DomainError('not_found', `There is no topic ${topicId}.`, { path: 'topicId' });
  if (topic.score === null) await requireLearner(reader, userId);
  const { observed, young, mature } = computeForgettingCurve(answers);
  const expected = expectedRecall(stabilities);
  return {
    topicId,
    slug: topic.slug,
    name: topic.name,
    fromDay,
    toDay: today,
    observed: {
      fromDays: observed.map((span) => span.fromDays),
      toDays: observed.map((span) => span.toDays),
      reviews: observed.map(({ reviews }) => reviews),
      right: observed.map(({ right }) => right),
      retention: observed.map(({ retention }) => retention),
    },
    young,
    mature,
    expected: {
      questions: stabilities.length,
      days: expected.map((point) => point.days),
      recall: expected.map(({ recall }) => recall),
    },
  };
}
