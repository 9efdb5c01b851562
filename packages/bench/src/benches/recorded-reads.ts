// What the product does for each read: its statements, with their values, or its answer.
import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Read } from '../load/load-order.ts';
import { readRecording } from './nightly-recording.ts';
import type { RecordedQuery, RecordedUnit } from './nightly-recording.ts';

export type RecordedRead = Read & {
  /** Those that find the answer, without the one that decides whether a kept answer is still true. */
  readonly statements: readonly RecordedQuery[];
};

const BEGIN_READ: ReadonlySet<string> = new Set(['dashboard.learner_watermark', 'dashboard.own_watermark']);

/** Asks one read after the other of an API that records, and answers what it did for each. */
export async function recordReads(url: string, reads: readonly Read[], file: string): Promise<readonly RecordedRead[]> {
  const atStart = readRecording(file).length; // what it did before it listened
  for (const read of reads) await bodyOf(url, read);
  const statements = splitByReads(readRecording(file).slice(atStart));
  if (statements.length !== reads.length) throw new Error(`${statements.length} of ${reads.length} reads are recorded`);
  return reads.map((read, place) => ({ ...read, statements: statements[place] ?? [] }));
}

export function ofQuery(reads: readonly RecordedRead[], name: string): readonly RecordedRead[] {
  return reads.filter(({ path }) => path.startsWith(`/trpc/dashboard.${name}?`));
}

/** How many rows the limit answered: of one statement, or of several. */
export function rowsIn(body: string): number {
  // as: the limit's answer in tRPC's envelope
  const { result } = JSON.parse(body) as { readonly result: { readonly data: { readonly json: readonly unknown[] } } };
  return result.data.json.flat().length;
}

/** The body of one answer. Throws for any but a result. */
export async function bodyOf(url: string, { path, token }: Read): Promise<string> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

/** Each read begins with the learner's watermark. */
export function splitByReads(units: readonly RecordedUnit[]): readonly (readonly RecordedQuery[])[] {
  const reads: RecordedQuery[][] = [];
  for (const query of units.flat()) {
    if (BEGIN_READ.has(query.name ?? '')) reads.push([]);
    else if (query.name?.startsWith('dashboard.') === true) reads.at(-1)?.push(query);
  }
  return reads;
}

/** A read with its whole answer. */
export type AnsweredRead = Read & { readonly body: string };

/** For a process that is a limit, which loads them. */
export function writeReads(file: string, reads: readonly Read[]): void {
  writeFileSync(file, serialize(reads));
}

export function loadReads<Known extends Read>(file: string): readonly Known[] {
  return deserialize(readFileSync(file)) as readonly Known[]; // as: written by writeReads
}

/** Who asks, as the token says. */
export function ownerOf({ token }: Read): string {
  const [, claims = ''] = token.split('.');
  // as: signed by the bench
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly sub: string };
  return sub;
}
