// Archived months: which there are, and their rows put back for inspection.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import {
  createRestoredTable,
  hasRestoredTable,
  insertRestoredRows,
  listErasedAmong,
  restoredTableName,
} from '../stores/archive-store.ts';
import { hashFile, readManifest } from './retention/archive-files.ts';
import type { ArchivedTable, ArchiveManifest } from './retention/archive-files.ts';
import { subjectOf } from './subject.ts';

export type ArchivedMonth = ArchiveManifest & { readonly folder: string };

/** The archived months of a folder, oldest first; none where there is no such folder. */
export async function listArchives(archiveDir: string): Promise<readonly ArchivedMonth[]> {
  const names = await readdir(archiveDir).catch(() => []);
  const months = names.filter((name) => /^\d{4}-\d{2}$/.test(name)).sort();
  return Promise.all(
    months.map(async (month) => {
      const folder = join(archiveDir, month);
      return { ...(await readManifest(folder)), folder };
    }),
  );
}

export type RestoredMonth = {
  readonly month: string;
  readonly tables: readonly {
    /** With its schema. */
    readonly name: string;
    readonly rows: number;
    /** Of learners who were erased since, and are not put back. */
    readonly erasedRows: number;
  }[];
};

const ROWS_AT_ONCE = 1_000;

/**
 * Puts an archived month back as tables of the schema `archive`, for inspection: nothing reads them, and no number changes. All of
 * it or nothing. Needs an owner's rights. Throws `invalid` where a file is not the one that the manifest describes, `conflict`
 * where the month is there already, `not_found` where there is no archive. Rows of erased learners stay out.
 */
export async function restoreArchive(
  app: Pick<App, 'database' | 'keys'>,
  { folder }: { readonly folder: string },
): Promise<RestoredMonth> {
  const manifest = await readManifest(folder);
  for (const { file, sha256 } of manifest.tables) {
    const found = await hashFile(join(folder, file)).catch(() => null);
    if (found !== sha256) throw new DomainError('invalid', `${join(folder, file)} is not the file of its manifest.`);
  }
  return app.database.transaction(async (tx) => {
    const tables: RestoredMonth['tables'][number][] = [];
    for (const table of manifest.tables) {
      tables.push(await restoreTable(app, tx, { folder, month: manifest.month, archived: table }));
    }
    return { month: manifest.month, tables };
  });
}

type Restoring = { readonly folder: string; readonly month: string; readonly archived: ArchivedTable };

async function restoreTable(
  app: Pick<App, 'keys'>,
  tx: Tx,
  { folder, month, archived }: Restoring,
): Promise<RestoredMonth['tables'][number]> {
  const restored = { table: archived.table, month };
  const name = restoredTableName(restored);
  if (await hasRestoredTable(tx, restored)) {
    throw new DomainError('conflict', `The table ${name} is there already; drop it to restore the month again.`);
  }
  await createRestoredTable(tx, restored);
  const counts = { rows: 0, erasedRows: 0 };
  for await (const lines of linesOf(join(folder, archived.file))) {
    const kept = await withoutErased(app, tx, lines);
    if (kept.length > 0) await insertRestoredRows(tx, restored, `[${kept.join(',')}]`);
    counts.rows += kept.length;
    counts.erasedRows += lines.length - kept.length;
  }
  if (counts.rows + counts.erasedRows !== archived.rows) {
    throw new DomainError(
      'invalid',
      `${archived.file} of ${month} does not have the ${archived.rows} rows of its manifest.`,
    );
  }
  return { name, ...counts };
}

async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  let lines: string[] = [];
  for await (const line of createInterface({
    input: createReadStream(path).pipe(createGunzip()),
    crlfDelay: Infinity,
  })) {
    lines.push(line);
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

async function withoutErased(
  { keys }: Pick<App, 'keys'>,
  tx: Tx,
  lines: readonly string[],
): Promise<readonly string[]> {
  const owners = lines.map((line) => (JSON.parse(line) as { readonly user_id: string }).user_id); // as: a row of ours
  const subjects = new Map([...new Set(owners)].map((userId) => [userId, subjectOf(keys.subject, userId)]));
  const erased = await listErasedAmong(tx, [...subjects.values()]);
  if (erased.size === 0) return lines;
  return lines.filter((_, n) => !erased.has(subjects.get(owners[n] ?? '')?.toString('hex') ?? ''));
}
