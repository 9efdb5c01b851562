// The rows of gaps: most of what an update and a night write.
import { hash } from 'node:crypto';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { columnArrays, fromColumnArrays } from './column-arrays.ts';

const ownColumns = {
  user_id: 'uuid',
  topic_id: 'uuid',
  severity: 'text',
  gap_score: 'float8',
  priority_score: 'float8',
  attempts: 'int',
  accuracy: 'float8',
  recent_failure_rate: 'float8',
  untried_share: 'float8',
  exam_weight: 'float8',
  blocks_count: 'int',
  is_ready: 'boolean',
  estimated_hours: 'float8',
  identified_on: 'date',
  resolved_on: 'date',
  calculation_version: 'smallint',
  as_of: 'timestamptz',
} as const;

// Few of their values are of one row alone: they are sent once, in one list, and rows say their place in it.
const sharedColumns = [
  'priority_terms',
  'importance_terms',
  'blocked_by',
  'path',
  'recommended_materials',
  'reasons',
] as const;

type OwnColumn = keyof typeof ownColumns;
type SharedColumn = (typeof sharedColumns)[number];

// as: its own keys
const ownNames = Object.keys(ownColumns) as OwnColumn[];
const placeColumns = { content_hash: 'uuid', ...Object.fromEntries(sharedColumns.map((name) => [name, 'int'])) };
const sentColumns = { ...ownColumns, ...placeColumns };
const names = Object.keys(sentColumns);
const isShared = (name: string): boolean => sharedColumns.some((one) => one === name);

const selectHashes = statement(
  'gap.hashes',
  `select user_id as "userId", topic_id as "topicId", replace(content_hash::text, '-', '') as hash
  from knowledge_gaps
  where user_id = any($1::uuid[])`,
);

const saveRows = statement(
  'gap.save',
  `insert into knowledge_gaps as t (${names.join(', ')})
  select ${names.map((name) => (isShared(name) ? `$${names.length + 1}::jsonb -> r.${name}` : `r.${name}`)).join(', ')}
  from ${fromColumnArrays(sentColumns)}
  order by r.user_id, r.topic_id
  on conflict (user_id, topic_id) do update set
    ${names
      .filter((name) => name !== 'user_id' && name !== 'topic_id')
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}, calculated_at = now()`,
);

const deleteRows = statement(
  'gap.delete',
  `delete from knowledge_gaps g
  using unnest($1::uuid[], $2::uuid[]) as k (user_id, topic_id)
  where g.user_id = k.user_id and g.topic_id = k.topic_id`,
);

/** Keyed by column name. */
export type GapRow = Readonly<Record<OwnColumn, string | number | boolean | null>> &
  Readonly<Record<SharedColumn, readonly unknown[]>> & { readonly user_id: string; readonly topic_id: string };

type OfTopic = { readonly userId: string; readonly topicId: string };

const ROWS_A_STATEMENT = 2_000;

export type StoredGap = OfTopic & {
  /** Of its content; null where it must be written anew. */
  readonly hash: string | null;
};

export function listStoredGaps(tx: Tx, userIds: readonly string[]): Promise<readonly StoredGap[]> {
  return tx.query<StoredGap>(selectHashes, [userIds]);
}

/**
 * Makes `rows` all the gap rows that the learners have, of whom `stored` are all. Returns how many rows are written or deleted, which is
 * sent and not waited for. A row is told from the stored
 * one by the hash of its content: to send and to compare fifty rows of a learner costs more than the rest of their update, and
 * few of them change.
 */
export function replaceGaps(tx: Tx, stored: readonly StoredGap[], rows: readonly GapRow[]): number {
  const left = new Map(stored.map((row) => [`${row.userId} ${row.topicId}`, row]));
  const changed: ChangedRow[] = [];
  for (const row of rows) {
    const key = `${row.user_id} ${row.topic_id}`;
    const shared = sharedColumns.map((name) =>
      name.endsWith('terms') ? termsText(row[name]) : JSON.stringify(row[name]),
    );
    const contentHash = hash('md5', contentOf(row, shared));
    if (left.get(key)?.hash !== contentHash) changed.push({ row, shared, contentHash });
    left.delete(key);
  }
  for (let from = 0; from < changed.length; from += ROWS_A_STATEMENT) {
    saveGaps(tx, changed.slice(from, from + ROWS_A_STATEMENT));
  }
  const gone = [...left.values()];
  deleteGaps(tx, gone);
  return changed.length + gone.length;
}

type ChangedRow = {
  readonly row: GapRow;
  /** The values of the shared columns, as JSON. */
  readonly shared: readonly string[];
  readonly contentHash: string;
};

// The terms of a topic that nobody has touched are worked out once for all learners, and written once.
const textsOfTerms = new WeakMap<readonly unknown[], string>();

function termsText(terms: readonly unknown[]): string {
  const known = textsOfTerms.get(terms);
  if (known !== undefined) return known;
  const text = JSON.stringify(terms);
  textsOfTerms.set(terms, text);
  return text;
}

function contentOf(row: GapRow, shared: readonly string[]): string {
  return `${ownNames.map((name) => row[name]).join()},${shared.join()}`;
}

function saveGaps(tx: Tx, changed: readonly ChangedRow[]): void {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  };
  const placed = changed.map(({ shared, contentHash }) => ({
    content_hash: contentHash,
    ...Object.fromEntries(sharedColumns.map((name, index) => [name, placeOf(shared[index] ?? '[]')])),
  }));
  tx.send(saveRows, [
    ...columnArrays(
      ownColumns,
      changed.map(({ row }) => row),
    ),
    ...columnArrays(placeColumns, placed),
    `[${[...places.keys()].join()}]`,
  ]);
}

function deleteGaps(tx: Tx, gaps: readonly OfTopic[]): void {
  if (gaps.length === 0) return;
  tx.send(deleteRows, [gaps.map(({ userId }) => userId), gaps.map(({ topicId }) => topicId)]);
}
