import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';

export type SystemRow = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  readonly examWeight: number;
  readonly masteryScore: number;
  readonly topicsTotal: number;
  readonly topicsPractised: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly asOf: InstantText | null;
};

// A system is a topic of level 1, its leaves are the topics below it (or itself) that have no children. Leaves weigh by their
// question count; where no leaf of a system has a question they weigh the same. The sum runs in the order of ids, so that
// rounding does not depend on the plan.
const selectSystems = statement(
  'dashboard.systems',
  `with recursive below as (
    select id as system_id, id
    from topics
    where level = 1
    union all
    select b.system_id, c.id
    from below b
    join topics c on c.parent_id = b.id
  )
  select
    s.id as "topicId",
    s.slug,
    s.name,
    s.effective_exam_weight as "examWeight",
    coalesce(
      sum(coalesce(m.mastery_score, 0) * leaf.questions_count order by leaf.id) / nullif(sum(leaf.questions_count), 0),
      sum(coalesce(m.mastery_score, 0) order by leaf.id) / count(*)
    ) as "masteryScore",
    count(*)::int as "topicsTotal",
    count(m.mastery_score)::int as "topicsPractised",
    coalesce(sum(m.questions_attempted), 0)::double precision as "questionsAttempted",
    coalesce(sum(m.questions_correct), 0)::double precision as "questionsCorrect",
    max(m.as_of)::text as "asOf"
  from below b
  join topics leaf on leaf.id = b.id and not exists (select from topics c where c.parent_id = leaf.id)
  join topics s on s.id = b.system_id
  left join topic_mastery m on m.user_id = $1 and m.topic_id = leaf.id
  group by s.id
  order by s.path, s.id`,
);

/** Each system with the learner's mastery of its leaves rolled up; an untried leaf counts as 0. */
export function findSystemMastery(reader: Reader, userId: string): Promise<readonly SystemRow[]> {
  return reader.query<SystemRow>(selectSystems, [userId]);
}
