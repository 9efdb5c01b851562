// Versions of the model of mastery 2. A version never changes; which one is active does.
import type { Coefficients, Counts, MasteryModel } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

// Held to the end of the transaction: another version becomes active after it, and then finds the rows that it has written.
const shareActive = statement('model.share_active', `select version from mastery_models where active for share`);

const selectModel = statement(
  'model.get',
  `select m.version, m.p0_right::float8 as right, m.p0_total::float8 as total, m.coefficients
  from mastery_models m
  where m.version = $1`,
);

const selectCounts = statement(
  'model.counts',
  `select kind, id, answers_right::float8 as right, answers_total::float8 as total
  from mastery_model_counts
  where version = $1`,
);

/** The version that new rows are made under, held to the end of the transaction. */
export async function shareActiveModel(tx: Tx): Promise<number> {
  return versionOf(await tx.query<Version>(shareActive));
}

type Version = { readonly version: number };

function versionOf([row]: readonly Version[]): number {
  if (row === undefined) throw new Error('no version of the mastery model is active');
  return row.version;
}

/** A version with all its counts. Throws where there is none of that number. */
export async function getModel(reader: Reader, version: number): Promise<MasteryModel> {
  type Row = Counts & { readonly version: number; readonly coefficients: Coefficients };
  const [row] = await reader.query<Row>(selectModel, [version]);
  if (row === undefined) throw new Error(`there is no version ${version} of the mastery model`);
  const counted = await reader.query<CountRow>(selectCounts, [version]);
  return {
    version,
    all: { right: row.right, total: row.total },
    topics: countsOf(counted, 'topic'),
    questions: countsOf(counted, 'question'),
    coefficients: row.coefficients,
  };
}

type CountRow = Counts & { readonly kind: 'question' | 'topic'; readonly id: string };

function countsOf(rows: readonly CountRow[], wanted: CountRow['kind']): ReadonlyMap<string, Counts> {
  return new Map(rows.flatMap(({ kind, id, right, total }) => (kind === wanted ? [[id, { right, total }]] : [])));
}
