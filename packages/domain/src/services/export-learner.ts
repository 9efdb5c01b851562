// Everything of a learner as JSON lines: a header, one line for each row, and at the end a manifest that says that all is there.
import { createHash } from 'node:crypto';
import type { App } from '../app.ts';
import { listMigrations } from '../database/index.ts';
import { exportedTables, exportSettings } from '../stores/export-store.ts';
import { openReason } from './record-access.ts';
import { requireLearner } from './require-learner.ts';
import { subjectOf } from './subject.ts';

export const EXPORT_FORMAT = 'studyin-export';
export const EXPORT_VERSION = 1;

/** The first line of an export. */
export type ExportHeader = {
  readonly kind: 'header';
  readonly format: typeof EXPORT_FORMAT;
  readonly version: number;
  readonly userId: string;
  readonly exportedAt: string;
  /** The newest migration of the database that it was read from. */
  readonly schema: string;
};

/** The last line of an export. */
export type ExportManifest = {
  readonly kind: 'manifest';
  readonly rows: number;
  readonly tables: Readonly<Record<string, number>>;
  /** SHA-256 of every byte of the lines before, in hex. */
  readonly sha256: string;
};

export type ExportOptions = {
  readonly userId: string;
  /** Takes the next lines; resolves when there is room for more. What it throws ends the export. */
  readonly write: (lines: Buffer) => Promise<void>;
};

const LINE_FEED = 10;
/** For one table, the time of its receiver included. */
const LONGEST_MS = 3_600_000;

/**
 * Writes everything that is stored about a learner, as of one instant, as it comes: its memory does not grow with the rows. An
 * export without its last line, the manifest, is not whole. Throws `not_found` for an unknown learner, before anything is written.
 */
export async function exportLearner(
  { database, keys }: Pick<App, 'database' | 'keys'>,
  { userId, write }: ExportOptions,
): Promise<ExportManifest> {
  const schema = (await listMigrations()).at(-1) ?? '';
  const subject = subjectOf(keys.subject, userId);
  const settings = exportSettings(userId, subject);
  return database.snapshot(
    async (snapshot) => {
      await requireLearner(snapshot, userId);
      const book = createBook(write);
      const exportedAt = new Date().toISOString();
      await book.begin({ kind: 'header', format: EXPORT_FORMAT, version: EXPORT_VERSION, userId, exportedAt, schema });
      for (const { name, select } of exportedTables) {
        const change = name === 'access_log' ? openReasons(keys, subject) : asTheyAre;
        await snapshot.copyOut(select, (lines) => book.addRows(name, change(lines)));
      }
      return book.end();
    },
    { settings, statementTimeoutMs: LONGEST_MS },
  );
}

/** Keeps count and hash of what was written. */
function createBook(write: ExportOptions['write']) {
  const hash = createHash('sha256');
  const tables: Record<string, number> = {};
  const put = async (lines: Buffer): Promise<void> => {
    hash.update(lines);
    await write(lines);
  };
  return {
    begin: (header: ExportHeader): Promise<void> => put(lineOf(header)),
    addRows: async (table: string, lines: Buffer): Promise<void> => {
      tables[table] = (tables[table] ?? 0) + countLines(lines);
      await put(lines);
    },
    end: async (): Promise<ExportManifest> => {
      const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
      const manifest: ExportManifest = { kind: 'manifest', rows, tables, sha256: hash.digest('hex') };
      await write(lineOf(manifest));
      return manifest;
    },
  };
}

type ChangeLines = (lines: Buffer) => Buffer;
type AccessLine = {
  readonly row: { readonly actor_id: string; readonly action: string; readonly reason: string | null };
};

const asTheyAre: ChangeLines = (lines) => lines;

/** Whoever the log is about reads why they were looked at. A piece may end within a line, which then waits for the next one. */
function openReasons(keys: App['keys'], subject: Buffer): ChangeLines {
  let rest = Buffer.alloc(0);
  return (piece) => {
    const bytes = Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    rest = bytes.subarray(end);
    const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1);
    return Buffer.from(lines.map((line) => `${opened(line)}\n`).join(''));
  };
  function opened(line: string): string {
    const { row, ...more } = JSON.parse(line) as AccessLine; // as: the statement of this table has written it
    const reason = openReason(keys, row.reason, { actorId: row.actor_id, action: row.action, subject });
    return JSON.stringify({ ...more, row: { ...row, reason } });
  }
}

function lineOf(content: ExportHeader | ExportManifest): Buffer {
  return Buffer.from(`${JSON.stringify(content)}\n`);
}

/** No row holds a line feed: JSON escapes it. */
function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}
