// An archived month is a folder `YYYY-MM` with gzipped JSON lines of each table and a manifest, which says what they must be.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { DomainError } from '../../errors.ts';
import { factTables } from '../../stores/retention-store.ts';

export const MANIFEST = 'manifest.json';

const table = z.strictObject({
  table: z.enum(factTables),
  file: z.string().regex(/^[a-z_]+\.jsonl\.gz$/),
  rows: z.int().min(0),
  /** Of the compressed file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Times of the first and the last fact; null where there are no rows. */
  firstAt: z.iso.datetime().nullable(),
  lastAt: z.iso.datetime().nullable(),
});

const manifest = z.strictObject({
  format: z.literal(1),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  /** The last migration of the schema that the rows are of. */
  schemaVersion: z.string(),
  tables: z.array(table),
});

export type ArchiveManifest = z.infer<typeof manifest>;
export type ArchivedTable = z.infer<typeof table>;

/** Throws `not_found` where the folder holds none, `invalid` where it is not one. */
export async function readManifest(folder: string): Promise<ArchiveManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null);
  if (text === null) throw new DomainError('not_found', `There is no archived month in ${folder}.`);
  try {
    return manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new DomainError('invalid', `The manifest in ${folder} is not one of an archived month.`, { cause });
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
