// An export into another database: the rows as they are, stored session ids included, in one transaction or not at all.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { listMigrations, sqlStateOf } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { enqueue, updateLearnerJob } from '../jobs/index.ts';
import { shareErasureLocks } from '../stores/erasure-store.ts';
import {
  exportTables,
  findImportState,
  findUnknownTopics,
  insertRows,
  resetImportedProgress,
} from '../stores/export-store.ts';
import type { ExportTable } from '../stores/export-store.ts';
import type { ErasureActor } from './erase-learner.ts';
import { EXPORT_FORMAT, EXPORT_VERSION } from './export-learner.ts';
import { linesOf } from './lines-of.ts';
import { insertAccess } from './record-access.ts';
import { subjectOf } from './subject.ts';

export type ImportOptions = {
  /** The text of the export from its beginning, in pieces of any size; asked for again where the transaction is repeated. */
  readonly open: () => AsyncIterable<string>;
  readonly actor: ErasureActor;
  readonly reason: string;
  /** Told how many rows are in. */
  readonly onProgress?: (rows: number) => void;
};

export type Imported = { readonly userId: string; readonly rows: number };

// What is larger lies among V8's large objects, which only a full collection of garbage frees.
const LETTERS_A_STATEMENT = 64 * 1024;

const headerLine = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  userId: z.guid().toLowerCase(),
  exportedAt: z.iso.datetime(),
  schema: z.string(),
});
const manifestLine = z.strictObject({
  kind: z.literal('manifest'),
  rows: z.int(),
  tables: z.record(z.string(), z.int()),
  sha256: z.string(),
});
const rowLine = z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) });

/**
 * Stores an exported learner whom the database does not know, as they were, and enqueues an update, which derives their rows
 * under the curriculum that is here. Throws `conflict` for a known learner, `erased` for an erased one, and `invalid` for a file
 * that is not whole, was changed, or is of another release; nothing is stored then.
 */
export async function importLearner(app: App, options: ImportOptions): Promise<Imported> {
  const schema = (await listMigrations()).at(-1) ?? '';
  try {
    return await app.database.transaction((tx) => importInTx(app, tx, { ...options, schema }));
  } catch (error) {
    const state = sqlStateOf(error) ?? '';
    // a value of another type, a missing month, a broken check: what no export of ours holds
    if (!/^2[23]/.test(state)) throw error;
    throw new DomainError('invalid', 'The file holds a row that the database refuses.', { cause: error });
  }
}

type Import = ImportOptions & { readonly schema: string };

async function importInTx(app: App, tx: Tx, { open, actor, reason, onProgress = () => undefined, schema }: Import) {
  const reading = readRows(open(), { schema });
  const { value: header } = await reading.next();
  if (header?.kind !== 'header') throw refusal('does not begin as an export');
  const { userId } = header;
  const subject = subjectOf(app.keys.subject, userId);
  await shareErasureLocks(tx, [subject]);
  const { isKnown, isErased } = await findImportState(tx, { userId, subject });
  if (isErased) throw new DomainError('erased', 'This learner was erased here.', { path: 'userId' });
  if (isKnown) throw new DomainError('conflict', 'There is this learner already.', { path: 'userId' });
  let rows = 0;
  for await (const part of reading) {
    if (part.kind !== 'rows' || part.table.insert === null) continue;
    await insertRows(tx, part.table.insert, part.rows);
    onProgress((rows += part.rows.length));
  }
  const unknownTopics = await findUnknownTopics(tx, userId);
  if (unknownTopics > 0) {
    throw new DomainError(
      'invalid',
      `${unknownTopics} topics of the file are not in the curriculum; import that first.`,
    );
  }
  await resetImportedProgress(tx, userId);
  const { requestId, ...importer } = actor;
  await insertAccess(tx, app.keys, { actor: importer, subjects: [subject], action: 'import', reason, requestId });
  await enqueue(app.jobs, tx, { job: updateLearnerJob, payloads: [{ userId }] });
  return { userId, rows };
}

type Part =
  | { readonly kind: 'header'; readonly userId: string }
  | { readonly kind: 'rows'; readonly table: ExportTable; readonly rows: readonly string[] };

/** The header, then rows of one table at a time. Throws `invalid` unless the manifest comes last and agrees. */
async function* readRows(
  text: AsyncIterable<string>,
  { schema }: { readonly schema: string },
): AsyncGenerator<Part, undefined> {
  const hash = createHash('sha256');
  const counts: Record<string, number> = {};
  let userId: string | null = null;
  let batch: { table: ExportTable; rows: string[]; letters: number } | null = null;
  let isWhole = false;
  for await (const line of linesOf(text)) {
    if (isWhole) throw refusal('goes on after its manifest');
    const content = parsed(line);
    if (userId === null) {
      userId = userIdOf(content, schema);
      hash.update(`${line}\n`);
      yield { kind: 'header', userId };
      continue;
    }
    const manifest = manifestLine.safeParse(content);
    if (manifest.success) {
      isWhole = true;
      requireEqual(manifest.data, { sha256: hash.digest('hex'), tables: counts });
      continue;
    }
    hash.update(`${line}\n`);
    const { name, table, row } = rowOf(content, { line, userId });
    counts[name] = (counts[name] ?? 0) + 1;
    if (table === null) continue;
    if (batch !== null && (batch.table !== table || batch.letters + row.length > LETTERS_A_STATEMENT)) {
      yield { kind: 'rows', ...batch };
      batch = null;
    }
    batch ??= { table, rows: [], letters: 0 };
    batch.rows.push(row);
    batch.letters += row.length;
  }
  if (!isWhole) throw refusal('is not whole: its last line, the manifest, is missing');
  if (batch !== null) yield { kind: 'rows', ...batch };
}

function userIdOf(content: unknown, schema: string): string {
  const header = headerLine.safeParse(content);
  if (!header.success) throw refusal('does not begin as an export');
  if (header.data.schema !== schema) {
    throw refusal(`was made by another release: its schema is ${header.data.schema}, the one here ${schema}`);
  }
  return header.data.userId;
}

const tablesByName = new Map(exportTables.map((table) => [table.name, table]));

/** The table of a line, null where it is not imported, and the text of its row as it was exported. */
function rowOf(content: unknown, { line, userId }: { readonly line: string; readonly userId: string }) {
  const read = rowLine.safeParse(content);
  if (!read.success || !line.startsWith(`{"table":"${read.data.table}","row":{`)) {
    throw refusal('has a line that is no row');
  }
  const { table: name, row } = read.data;
  const text = line.slice(line.indexOf('{', 1), -1);
  if (name === 'access_log') return { name, table: null, row: text };
  const table = tablesByName.get(name);
  if (table === undefined) throw refusal('has rows of a table that is no learner’s');
  if (row['user_id'] !== userId) throw refusal('has rows of another learner');
  if (Object.keys(row).length !== table.columns.size || !Object.keys(row).every((key) => table.columns.has(key))) {
    throw refusal(`has other columns of ${name} than there are`);
  }
  return { name, table, row: text };
}

type Stated = Pick<z.output<typeof manifestLine>, 'sha256' | 'tables'>;

function requireEqual(stated: Stated, found: Stated): void {
  const tables = new Set([...Object.keys(stated.tables), ...Object.keys(found.tables)]);
  const isEqual = [...tables].every((name) => stated.tables[name] === found.tables[name]);
  if (!isEqual || stated.sha256 !== found.sha256) throw refusal('was changed: its manifest does not agree');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw refusal('has a line that is no JSON', error);
  }
}

function refusal(what: string, cause?: unknown): DomainError {
  return new DomainError('invalid', `The file ${what}.`, cause === undefined ? {} : { cause });
}
