// What becomes of every table when a learner is erased, in one place; a test compares it with the database, so that no table is
// forgotten. `$1` is the learner's id.

import { learnerTables } from '../models/index.ts';

export type ErasureRule =
  /** Their rows go, by the statement. */
  | { readonly kind: 'rows'; readonly sql: string }
  /** The row that is the learner's lock goes first of all, together with the making of the tombstone. */
  | { readonly kind: 'first' }
  /** Nothing of it names a learner. */
  | { readonly kind: 'nobody'; readonly why: string };

const rowsOf = (table: string): ErasureRule => ({ kind: 'rows', sql: `delete from ${table} where user_id = $1::uuid` });
const nobody = (why: string): ErasureRule => ({ kind: 'nobody', why });

/** By table of the product's own schema, in the order of deletion. */
export const erasureRules: Readonly<Record<string, ErasureRule>> = {
  learners: { kind: 'first' },
  // Before the learner's own progress, which names the items: what fewer than twenty answers stand for, or only theirs, would
  // still be about them until the next night, or for ever.
  question_statistics: {
    kind: 'rows',
    sql: `delete from question_statistics s
    using question_progress p
    where p.user_id = $1::uuid and p.question_id = s.question_id and (s.answers < 20 or s.answers <= p.attempts)`,
  },
  // The checkpoint among the first: the night adds up the interactions of who has one, and of nobody else.
  ...Object.fromEntries(learnerTables.slice(1).map(({ name }) => [name, rowsOf(name)])),
  erased_learners: nobody('the learner as a keyed hash; the id while their erasure runs'),
  access_log: nobody('the learner as a keyed hash; who looked, by duty of audit'),
  cohorts: nobody('groups, not their members'),
  peer_distributions: nobody('distributions over twenty learners and more, computed anew every night'),
  mastery_models: nobody('coefficients over all learners'),
  mastery_model_counts: nobody('counts over all learners'),
  batch_runs: nobody('watermarks of steps'),
  batch_chunks: nobody('bounds that lie between two ids'),
  curriculum_version: nobody('curriculum'),
  topics: nobody('curriculum'),
  topic_relationships: nobody('curriculum'),
  questions: nobody('curriculum'),
  materials: nobody('curriculum'),
  schema_migrations: nobody('names of migrations'),
};

/** The queue's tables: jobs and dead letters lie in one, and name a learner in their payload or as their key. */
export const queueErasureSql = `delete from pgboss.job
    where data->>'userId' = $1::text or singleton_key = $1::text`;
