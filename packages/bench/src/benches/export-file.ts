// What an export holds, told briefly, so that two of them can be compared.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A hash of the rows of each table, whatever their order, but for when they were computed. */
export type ExportDigest = ReadonlyMap<string, bigint>;

/** Throws where the file does not end in a manifest. */
export async function digestOf(file: string): Promise<ExportDigest> {
  const sums = new Map<string, bigint>();
  let last = '';
  for await (const line of createInterface({ input: createReadStream(file) })) {
    last = line;
    const table = /^\{"table":"([a-z_]+)"/.exec(line)?.[1];
    if (table === undefined) continue;
    const hash = createHash('sha256').update(line.replace(/"calculated_at":"[^"]+"/, ''));
    sums.set(table, (sums.get(table) ?? 0n) + hash.digest().readBigUInt64BE());
  }
  if (!last.startsWith('{"kind":"manifest"')) throw new Error(`${file} is not whole`);
  return sums;
}

/** Tables whose rows differ. */
export function differencesOf(one: ExportDigest, other: ExportDigest, except: readonly string[]): readonly string[] {
  const tables = new Set([...one.keys(), ...other.keys()]);
  return [...tables].filter((table) => !except.includes(table) && one.get(table) !== other.get(table));
}

/** Writes the answer to a call into a file. Throws where it is not 200. */
export async function download(url: string, token: string, file: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200 || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
}
