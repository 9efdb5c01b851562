// What a version of the mastery model is learned from: the answers that are stored.
import type { AnswerCounts, Counts, ModelAnswer } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

const sizes = statement(
  'fit.sizes',
  `select coalesce(sum(answers), 0)::float8 as answers, count(*) filter (where answers > 0)::int as learners
  from learners`,
);

// By a hash of the id, as many as have no more than $1 answers together; whoever would be more than a tenth of that is passed over.
const sample = statement(
  'fit.sample',
  `select user_id as "userId"
  from (
    select user_id, sum(answers) over (order by md5(user_id::text), user_id) as running
    from learners
    where answers between 1 and $1::bigint / 10
  ) l
  where running <= $1::bigint`,
);

const answersOf = statement(
  'fit.answers',
  `select user_id as "userId", question_id as "questionId", topic_id as "topicId", is_correct as "isCorrect",
    (extract(epoch from attempted_at) * 1000)::float8 as "atMs"
  from question_attempts
  where user_id = any($1::uuid[])
  order by user_id, attempted_at, id`,
);

// One aggregation gives all sums twice: of all answers, and of those before $1.
const counts = statement(
  'fit.counts',
  `select question_id as "questionId", topic_id as "topicId", count(*)::float8 as total,
    count(*) filter (where is_correct)::float8 as "right",
    count(*) filter (where attempted_at < $1)::float8 as "totalBefore",
    count(*) filter (where attempted_at < $1 and is_correct)::float8 as "rightBefore"
  from question_attempts
  group by grouping sets ((question_id), (topic_id), ())`,
);

export type FitSizes = { readonly answers: number; readonly learners: number };

/** Accepted answers ever, and the learners who have given any. */
export async function getFitSizes(tx: Tx): Promise<FitSizes> {
  const [row] = await tx.query<FitSizes>(sizes);
  if (row === undefined) throw new Error(`${sizes.name} returned no row`);
  return row;
}

/** The learners that a version learns from. The same facts give the same learners. */
export async function listSampledLearners(tx: Tx, limit: number): Promise<readonly string[]> {
  return (await tx.query<{ userId: string }>(sample, [limit])).map(({ userId }) => userId);
}

export type LearnerAnswer = ModelAnswer & { readonly userId: string };

/** Stored answers of learners, each learner's in canonical order. */
export function listModelAnswers(tx: Tx, userIds: readonly string[]): Promise<readonly LearnerAnswer[]> {
  return tx.query<LearnerAnswer>(answersOf, [userIds]);
}

export type StoredCounts = { readonly counts: AnswerCounts; readonly countsBefore: AnswerCounts };

/** All stored answers counted by question and topic, in all and before a time. */
export async function countStoredAnswers(tx: Tx, beforeMs: number): Promise<StoredCounts> {
  type Row = Counts & {
    readonly questionId: string | null;
    readonly topicId: string | null;
    readonly totalBefore: number;
    readonly rightBefore: number;
  };
  const rows = await tx.query<Row>(counts, [new Date(beforeMs)]);
  const countsBy = (read: (row: Row) => Counts): AnswerCounts => {
    const all = rows.find(({ questionId, topicId }) => questionId === null && topicId === null);
    if (all === undefined) throw new Error(`${counts.name} returned no total`);
    return {
      all: read(all),
      questions: new Map(rows.flatMap((row) => (row.questionId === null ? [] : [[row.questionId, read(row)]]))),
      topics: new Map(rows.flatMap((row) => (row.topicId === null ? [] : [[row.topicId, read(row)]]))),
    };
  };
  return {
    counts: countsBy(({ right, total }) => ({ right, total })),
    countsBefore: countsBy(({ rightBefore, totalBefore }) => ({ right: rightBefore, total: totalBefore })),
  };
}
