// The versions of the mastery model, read by a statement of the verification's own.
import type { Coefficients, MasteryModel } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

const select = statement(
  'verify.model',
  `select m.p0_right::float8 as "right", m.p0_total::float8 as "total", m.coefficients,
    (select coalesce(jsonb_object_agg(c.kind || ' ' || c.id, jsonb_build_object('right', c.answers_right, 'total', c.answers_total)), '{}')
      from mastery_model_counts c
      where c.version = m.version) as counts
  from mastery_models m
  where m.version = $1`,
);

type Counts = { readonly right: number; readonly total: number };

/** A version of the model. Throws where there is none of that number. */
export async function getVerifiedModel(reader: Reader, version: number): Promise<MasteryModel> {
  type Row = Counts & { readonly coefficients: Coefficients; readonly counts: Readonly<Record<string, Counts>> };
  const [row] = await reader.query<Row>(select, [version]);
  if (row === undefined) throw new Error(`rows stand under version ${version} of the mastery model, which is gone`);
  const countsOf = (kind: string): ReadonlyMap<string, Counts> =>
    new Map(
      Object.entries(row.counts)
        .filter(([key]) => key.startsWith(`${kind} `))
        .map(([key, counts]) => [key.slice(kind.length + 1), counts]),
    );
  return {
    version,
    all: { right: row.right, total: row.total },
    topics: countsOf('topic'),
    questions: countsOf('question'),
    coefficients: row.coefficients,
  };
}
