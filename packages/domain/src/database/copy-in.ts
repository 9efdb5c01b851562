// The text format of COPY: one row a line, tabs between values, \N for null. https://www.postgresql.org/docs/15/sql-copy.html
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Statement } from './statement.ts';

/** Times as ISO text, objects as their JSON. */
export type CopyValue = string | number | boolean | null;
export type CopyRow = readonly CopyValue[];

const CHUNK_CHARS = 65_536;
const special = /[\\\t\n\r]/;

/** Rows are taken as the server takes them, so any number of them needs no more memory than a chunk. */
export async function copyIn(client: Client, { text }: Statement, rows: Iterable<CopyRow>): Promise<number> {
  const target = client.query(copyFrom(text));
  await pipeline(Readable.from(chunksOf(rows)), target);
  return target.rowCount;
}

function* chunksOf(rows: Iterable<CopyRow>): Generator<Buffer, void> {
  let chunk = '';
  for (const row of rows) {
    chunk += copyLine(row);
    if (chunk.length < CHUNK_CHARS) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/** One row as COPY reads it. */
function copyLine(row: CopyRow): string {
  let line = '';
  for (const [index, value] of row.entries()) line += (index === 0 ? '' : '\t') + copyText(value);
  return `${line}\n`;
}

function copyText(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return special.test(value) ? escaped(value) : value;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
