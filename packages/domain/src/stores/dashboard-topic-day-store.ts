import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type TopicDayRow = {
  readonly slug: string;
  readonly name: string;
  /** Null in the single row that a topic without days gives. */
  readonly studyDay: string | null;
  readonly seconds: number;
  readonly materialsViewed: number;
  readonly questions: number;
  readonly correct: number;
  readonly accuracy: number | null;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number | null;
  readonly asOf: string | null;
};

const selectTopicDays = statement(
  'dashboard.topic_days',
  `select
    t.slug,
    t.name,
    d.stat_date::text as "studyDay",
    coalesce(d.seconds, 0) as seconds,
    coalesce(d.materials_viewed, 0) as "materialsViewed",
    coalesce(d.questions_attempted, 0) as questions,
    coalesce(d.questions_correct, 0) as correct,
    d.accuracy,
    d.mastery_before as "masteryBefore",
    d.mastery_after as "masteryAfter",
    d.as_of::text as "asOf"
  from topics t
  left join topic_daily_stats d on d.user_id = $1 and d.topic_id = t.id and d.stat_date >= $3::date
  where t.id = $2
  order by d.stat_date`,
);

/** A learner's days in one topic, oldest first; no row at all when there is no such topic. */
export function findTopicDays(
  reader: Reader,
  { userId, topicId, fromDay }: { readonly userId: string; readonly topicId: string; readonly fromDay: string },
): Promise<readonly TopicDayRow[]> {
  return reader.query<TopicDayRow>(selectTopicDays, [userId, topicId, fromDay]);
}
