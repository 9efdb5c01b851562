// Some thousands of rows of 500 learners in every table that the dashboards read.
import { statement, type Database } from '@studyin/domain/database';

const uuidOf = (text: string): string => `md5(${text})::uuid`;
/** One of the crowd. */
export const crowdMember = 'a87ff679-a2f3-e71d-9181-a67b7542122c'; // md5 of '4'

/** One of the topics. */
export const crowdTopic = '050bae47-67c5-0678-55d9-db204917c9e8'; // md5 of 'topic 7'

const learner = uuidOf('n::text');
const [day, instant] = [`date '2026-03-18' - k`, `timestamptz '2026-03-18 08:00:00Z' - make_interval(days => k)`];
// Over a year, so that an index by time leaves most of a learner's rows out, and the primary key none.
const sixthDay = `timestamptz '2026-03-18 08:00:00Z' - make_interval(days => 6 * k)`;

/** Of each table: its columns, their values for learner n and row k, and how many rows each learner has. */
const tables: readonly { readonly into: string; readonly values: string; readonly each: number }[] = [
  { into: 'learners (user_id)', values: learner, each: 1 },
  // Others, who have nothing else: where there are few, to read all of them is the least work.
  { into: 'learners (user_id)', values: uuidOf(`'other ' || n || ' ' || k`), each: 20 },
  {
    into: 'learner_checkpoints (user_id, boundary, answers, state)',
    values: `${learner}, date '2024-04-01', 0, '{}'`,
    each: 1,
  },
  { into: 'learner_progress (user_id)', values: learner, each: 1 },
  { into: 'user_learning_metrics (user_id, as_of)', values: `${learner}, date '2026-03-18'`, each: 1 },
  {
    into: 'topics (id, parent_id, level, path, slug, name, effective_exam_weight)',
    values: `${uuidOf(`'topic ' || n`)}, null, n % 4, n, n, n, 5`,
    each: 1,
  },
  {
    into: 'daily_user_stats (user_id, stat_date, goal_minutes, as_of)',
    values: `${learner}, ${day}, 30, ${day}`,
    each: 60,
  },
  {
    into: 'study_sessions (user_id, id, started_at, last_event_at, study_day)',
    values: `${learner}, ${uuidOf(`n || ' ' || k`)}, ${sixthDay}, ${sixthDay}, ${day}`,
    each: 60,
  },
  {
    into: 'topic_mastery (user_id, topic_id, mastery_score, first_studied_at, last_studied_at, as_of)',
    values: `${learner}, ${uuidOf(`'topic ' || k`)}, k / 60.0, ${instant}, ${instant}, ${instant}`,
    each: 60,
  },
  {
    into: 'topic_daily_stats (user_id, topic_id, stat_date, as_of)',
    values: `${learner}, ${uuidOf(`'topic ' || k % 20`)}, ${day}, ${day}`,
    each: 60,
  },
  {
    into: 'knowledge_gaps (user_id, topic_id, severity, gap_score, priority_score, exam_weight, identified_on, as_of)',
    values: `${learner}, ${uuidOf(`'topic ' || k`)}, 'low', 0.2, k, 5, ${day}, ${instant}`,
    each: 40,
  },
  {
    into: `question_progress (user_id, question_id, topic_id, attempts, correct, first_attempt_id, first_attempt_at, first_study_day,
      first_correct, last_attempt_id, last_attempt_at, last_study_day, last_correct, due_day, interval_days, stability, as_of)`,
    values: `${learner}, ${uuidOf(`'question ' || k`)}, ${uuidOf(`'topic ' || k % 20`)}, 1, 1, ${learner}, ${instant}, ${day},
      true, ${learner}, ${instant}, ${day}, true, date '2026-03-18' + 4 * (k - 20), 20, 20.5, ${instant}`,
    each: 60,
  },
  {
    // in each of the 27 partitions, whenever the test runs
    into: `question_attempts (user_id, id, attempted_at, session_id, question_id, topic_id, received_at, study_day,
      selected_answer, is_correct, graded_by, time_to_answer_seconds)`,
    values: `${learner}, ${uuidOf(`n || ' ' || k`)}, date_trunc('month', now()) + make_interval(months => k % 27 - 23, hours => k), ${learner}, ${uuidOf(`'question ' || k`)},
      ${uuidOf(`'topic ' || k % 20`)}, now(), ${day}, 'A', true, 'key', 10`,
    each: 81,
  },
  {
    into: 'peer_distributions (metric, topic_id, as_of, learners, quantiles)',
    values: `'topic_mastery', ${uuidOf(`'topic ' || n`)}, ${day}, 20, array_fill(0.5::float8, array[101])`,
    each: 30,
  },
  {
    into: 'material_interactions (user_id, session_id, material_id, started_at, ended_at)',
    values: `${learner}, ${uuidOf(`n || ' ' || k`)}, ${uuidOf(`'material ' || k % 20`)}, ${sixthDay}, ${sixthDay}`,
    each: 60,
  },
];

export async function crowd({ reader }: Database): Promise<void> {
  for (const [index, { into, values, each }] of tables.entries()) {
    const rows = `select ${values} from generate_series(1, 500) n, generate_series(1, ${each}) k`;
    await reader.query(statement(`test.crowd_${index}`, `insert into ${into} ${rows}`));
  }
}
