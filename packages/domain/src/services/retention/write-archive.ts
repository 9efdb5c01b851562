import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { App } from '../../app.ts';
import { listMigrations } from '../../database/index.ts';
import type { Reader } from '../../database/index.ts';
import { DomainError } from '../../errors.ts';
import { factTables, listFactLines } from '../../stores/retention-store.ts';
import type { FactLine, FactTable } from '../../stores/retention-store.ts';
import { hashFile, MANIFEST, readManifest } from './archive-files.ts';
import type { ArchivedTable, ArchiveManifest } from './archive-files.ts';

const ROWS_A_PAGE = 2_000;

export type WrittenArchive = {
  /** Null where the month had no rows, and nothing was written. */
  readonly folder: string | null;
  readonly events: number;
  readonly attempts: number;
};

/**
 * Writes the facts of a month into a folder of `archiveDir`, in constant memory. The folder appears whole, with all of it on the
 * disk, or not at all. A month that was written before must come out the same: throws `conflict` where it does not.
 */
export async function writeArchive(
  { database }: Pick<App, 'database'>,
  { archiveDir, month }: { readonly archiveDir: string; readonly month: string },
): Promise<WrittenArchive> {
  const folder = join(archiveDir, month);
  await mkdir(archiveDir, { recursive: true });
  const temporary = await mkdtemp(join(archiveDir, `.${month}-`));
  try {
    const tables: ArchivedTable[] = [];
    for (const table of factTables) tables.push(await writeTable(database.reader, { folder: temporary, table, month }));
    const schemaVersion = (await listMigrations()).at(-1) ?? '';
    const manifest: ArchiveManifest = { format: 1, month, schemaVersion, tables };
    const rows = (table: FactTable): number => tables.find((one) => one.table === table)?.rows ?? 0;
    const counts = { events: rows('study_events'), attempts: rows('question_attempts') };
    // An empty month has nothing to keep; it may also be one that was made again after its facts were dropped.
    if (counts.events === 0 && counts.attempts === 0) return { folder: null, ...counts };
    await writeFile(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await publish(temporary, { archiveDir, folder, manifest });
    return { folder, ...counts };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

type TableOfMonth = { readonly folder: string; readonly table: FactTable; readonly month: string };

async function writeTable(reader: Reader, { folder, table, month }: TableOfMonth): Promise<ArchivedTable> {
  const file = `${table}.jsonl.gz`;
  const seen = { rows: 0, firstMs: Infinity, lastMs: -Infinity };
  async function* lines(): AsyncGenerator<string> {
    let after: FactLine | null = null;
    for (;;) {
      const page: readonly FactLine[] = await listFactLines(reader, { table, month, after, limit: ROWS_A_PAGE });
      if (page.length === 0) return;
      for (const { at } of page) {
        seen.firstMs = Math.min(seen.firstMs, Date.parse(at));
        seen.lastMs = Math.max(seen.lastMs, Date.parse(at));
      }
      seen.rows += page.length;
      after = page.at(-1) ?? null;
      yield page.map(({ line }) => `${line}\n`).join('');
    }
  }
  const path = join(folder, file);
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(path, { flags: 'wx', flush: true }));
  const timeOf = (atMs: number): string | null => (Number.isFinite(atMs) ? new Date(atMs).toISOString() : null);
  const sha256 = await hashFile(path);
  return { table, file, rows: seen.rows, sha256, firstAt: timeOf(seen.firstMs), lastAt: timeOf(seen.lastMs) };
}

type Target = { readonly archiveDir: string; readonly folder: string; readonly manifest: ArchiveManifest };

async function publish(temporary: string, { archiveDir, folder, manifest }: Target): Promise<void> {
  await syncFolder(temporary);
  try {
    await rename(temporary, folder);
  } catch (error) {
    if (!isTaken(error)) throw error;
    await requireSame(folder, manifest);
  }
  await syncFolder(archiveDir);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

// A run that was killed between archive and drop.
async function requireSame(folder: string, { month, tables }: ArchiveManifest): Promise<void> {
  const there = await readManifest(folder);
  for (const { file, rows, sha256 } of tables) {
    const known = there.tables.find((table) => table.file === file);
    const isSame = known?.rows === rows && known.sha256 === sha256 && (await hashFile(join(folder, file))) === sha256;
    if (!isSame) {
      throw new DomainError('conflict', `${folder} holds another ${file} of ${month}; move it away and run again.`);
    }
  }
}

/** A new name is safe only when its folder is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
