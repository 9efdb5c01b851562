// What is known over all learners: peers and items. One statement each, of the tables as they stand when it runs.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

const extendTimeout = statement('population.extend_timeout', `select set_config('statement_timeout', $1, true)`);

// why the delete: a group that has become too small since the step ran first must not be shown. $2: 0, 0.01 … 1.
const refreshPeers = statement(
  'population.refresh_peers',
  `with measured as (
    select 'topic_mastery' as metric, topic_id, mastery_score as value
    from topic_mastery
    where mastery_score is not null
    union all
    select m.metric, '00000000-0000-0000-0000-000000000000', m.value
    from user_learning_metrics u
    cross join lateral (values
      ('mean_mastery', u.mean_mastery),
      ('accuracy_30d', u.accuracy_30d),
      ('minutes_30d', case when u.active_days_30d > 0 then u.active_seconds_30d / 60.0 end)) as m (metric, value)
    where m.value is not null
  ), computed as (
    select metric, topic_id, count(*)::int as learners, percentile_cont($2::float8[]) within group (order by value) as quantiles
    from measured
    group by metric, topic_id
    having count(*) >= 20
  ), gone as (
    delete from peer_distributions p
    where p.as_of = $1::date
      and not exists (select from computed c where c.metric = p.metric and c.topic_id = p.topic_id)
    returning 1
  ), saved as (
    insert into peer_distributions as p (metric, topic_id, as_of, learners, quantiles)
    select metric, topic_id, $1::date, learners, quantiles
    from computed
    on conflict (metric, topic_id, as_of) do update set
      learners = excluded.learners,
      quantiles = excluded.quantiles,
      calculated_at = now()
    where (p.learners, p.quantiles) is distinct from (excluded.learners, excluded.quantiles)
    returning 1
  )
  select ((select count(*) from gone) + (select count(*) from saved))::int as rows`,
);

// Of the answers that are kept, whether older ones are dropped yet or not; an item that has none of them any more has no row.
// A learner's rest score in an item: the share right at first attempt of all their other questions, so that an item is not
// compared with itself. Items are told apart by question and version; a claim about a question without a key has version 0.
// A correlation is rounded: its last digits depend on the order in which rows are read, and it must not exceed 1 by one of them.
const refreshQuestions = statement(
  'population.refresh_questions',
  `with learner as (
    select user_id, count(*) as questions, count(*) filter (where first_correct) as correct
    from question_progress
    group by user_id
  ), answer as (
    select a.question_id, coalesce(a.question_version, 0) as version, a.user_id, a.is_correct, a.selected_answer,
      a.time_to_answer_seconds as seconds, a.id = p.first_attempt_id as is_first,
      case when a.id = p.first_attempt_id and l.questions > 1
        then (l.correct - a.is_correct::int)::float8 / (l.questions - 1) end as rest
    from question_attempts a
    join question_progress p on p.user_id = a.user_id and p.question_id = a.question_id
    join learner l on l.user_id = a.user_id
    where a.attempted_at >= $4::date::timestamp at time zone 'UTC'
  ), item as (
    select question_id, version, count(*) as answers, avg(is_correct::int)::float8 as facility,
      avg(is_correct::int) filter (where is_first)::float8 as first_facility,
      case when count(*) >= $2 and stddev_pop(rest) > 1e-9
        then round(corr(is_correct::int, rest)::numeric, 12)::float8 end as discrimination,
      percentile_cont(0.5) within group (order by seconds) as median_seconds
    from answer
    group by question_id, version
  ), ranked as (
    select question_id, version, is_correct::int as is_right,
      row_number() over (partition by question_id, version order by rest, user_id) as place,
      count(*) over (partition by question_id, version) as learners
    from answer
    where rest is not null
  ), groups as (
    select question_id, version,
      avg(is_right) filter (where place > learners - round(0.27 * learners))::float8
        - avg(is_right) filter (where place <= round(0.27 * learners))::float8 as difference
    from ranked
    group by question_id, version
  ), wrong as (
    select question_id, version, jsonb_object_agg(selected_answer, chosen) as distractors
    from (
      select question_id, version, selected_answer, count(*) as chosen,
        row_number() over (partition by question_id, version order by count(*) desc, selected_answer collate "C") as place
      from answer
      where not is_correct
      group by question_id, version, selected_answer
    ) as w
    where place <= $3
    group by question_id, version
  ), gone as (
    delete from question_statistics q
    where not exists (select from item i where i.question_id = q.question_id and i.version = q.version)
    returning 1
  ), saved as (
    insert into question_statistics as q (question_id, version, answers, facility, first_attempt_facility, discrimination,
      upper_lower_27, distractors, median_seconds, evidence, as_of)
    select i.question_id, i.version, i.answers, i.facility, i.first_facility, i.discrimination,
      case when i.answers >= $2 then g.difference end, coalesce(w.distractors, '{}'), i.median_seconds,
      case when i.answers >= $2 then 'enough' else 'insufficient' end, $1::date
    from item i
    left join groups g on g.question_id = i.question_id and g.version = i.version
    left join wrong w on w.question_id = i.question_id and w.version = i.version
    on conflict (question_id, version) do update set
      answers = excluded.answers,
      facility = excluded.facility,
      first_attempt_facility = excluded.first_attempt_facility,
      discrimination = excluded.discrimination,
      upper_lower_27 = excluded.upper_lower_27,
      distractors = excluded.distractors,
      median_seconds = excluded.median_seconds,
      evidence = excluded.evidence,
      as_of = excluded.as_of,
      calculated_at = now()
    where (q.answers, q.facility, q.first_attempt_facility, q.discrimination, q.upper_lower_27, q.distractors, q.median_seconds,
        q.evidence, q.as_of)
      is distinct from (excluded.answers, excluded.facility, excluded.first_attempt_facility, excluded.discrimination,
        excluded.upper_lower_27, excluded.distractors, excluded.median_seconds, excluded.evidence, excluded.as_of)
    returning 1
  )
  select ((select count(*) from gone) + (select count(*) from saved))::int as rows`,
);

const QUANTILES = Array.from({ length: 101 }, (_, n) => n / 100);
const ENOUGH_ANSWERS = 30;
const MOST_DISTRACTORS = 20;
// They read all learners, which a request never may.
const LONGEST_MS = 1_800_000;

/** Writes the 101 quantiles of each metric that at least 20 learners have; answers how many rows changed. */
export async function refreshPeerDistributions(tx: Tx, day: string): Promise<number> {
  await tx.query(extendTimeout, [String(LONGEST_MS)]);
  const [row] = await tx.query<{ rows: number }>(refreshPeers, [day, QUANTILES]);
  return row?.rows ?? 0;
}

/** Makes the item statistics as of `day` those of all answers from the day `from` on, UTC; answers how many rows changed. */
export async function refreshQuestionStatistics(
  tx: Tx,
  { day, from }: { readonly day: string; readonly from: string },
): Promise<number> {
  await tx.query(extendTimeout, [String(LONGEST_MS)]);
  const [row] = await tx.query<{ rows: number }>(refreshQuestions, [day, ENOUGH_ANSWERS, MOST_DISTRACTORS, from]);
  return row?.rows ?? 0;
}
