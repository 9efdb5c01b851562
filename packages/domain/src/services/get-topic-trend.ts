import { addDays } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { findTopicDays } from '../stores/dashboard-topic-day-store.ts';
import type { TopicDayRow } from '../stores/dashboard-topic-day-store.ts';
import { latestOf, minutesOf } from './dashboard-units.ts';

export type TopicTrend = {
  /** The study day up to which the stored rows were computed; null without any. */
  readonly asOf: string | null;
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  /** The days on which the learner did something in the topic, oldest first; the other columns have one entry for each. */
  readonly days: readonly string[];
  readonly minutes: readonly number[];
  readonly materialsViewed: readonly number[];
  readonly questions: readonly number[];
  readonly correct: readonly number[];
  readonly accuracy: readonly (number | null)[];
  /** Just before the first and just after the last answer of the day; null on a day without answers. */
  readonly masteryBefore: readonly (number | null)[];
  readonly masteryAfter: readonly (number | null)[];
};

export type TopicTrendQuery = {
  readonly userId: string;
  readonly topicId: string;
  readonly today: string;
  readonly days: number;
};

/** A learner's last `days` study days in one topic. Throws `not_found` for an unknown topic or learner. */
export async function getTopicTrend(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, topicId, today, days }: TopicTrendQuery,
): Promise<TopicTrend> {
  const rows = await findTopicDays(database.reader, { userId, topicId, fromDay: addDays(today, 1 - days) });
  const [topic] = rows;
  if (topic === undefined) throw new DomainError('not_found', `There is no topic ${topicId}.`, { path: 'topicId' });
  // A topic without days is one row without a day.
  const studied = topic.studyDay === null ? [] : rows;
  if (studied.length === 0) await requireLearner(database.reader, userId);
  const column = <K extends keyof TopicDayRow>(key: K): readonly TopicDayRow[K][] => studied.map((row) => row[key]);
  return {
    asOf: latestOf(column('asOf')),
    topicId,
    slug: topic.slug,
    name: topic.name,
    days: studied.flatMap((row) => row.studyDay ?? []),
    minutes: studied.map((row) => minutesOf(row.seconds)),
    materialsViewed: column('materialsViewed'),
    questions: column('questions'),
    correct: column('correct'),
    accuracy: column('accuracy'),
    masteryBefore: column('masteryBefore'),
    masteryAfter: column('masteryAfter'),
  };
}
