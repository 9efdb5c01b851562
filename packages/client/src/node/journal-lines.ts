// A journal is text: a line for each thing that happened to an act, `<crc32 of the rest> <JSON>`. What a killed process or a dead
// machine left of its last write fails the sum and counts as not written.
import { crc32 } from 'node:zlib';
import type { WaitingAct } from '../queue-storage.ts';

export function actLine(act: WaitingAct): string {
  return lineOf(['act', act]);
}

export function idLine({ key, eventId, isReminted }: WaitingAct): string {
  return lineOf(['id', key, eventId, isReminted]);
}

export function doneLine(key: string): string {
  return lineOf(['done', key]);
}

/** What the lines leave: the acts without a result, in the order they were added. */
export function readJournal(text: string): Map<string, WaitingAct> {
  const acts = new Map<string, WaitingAct>();
  for (const line of text.split('\n')) apply(acts, entryOf(line));
  return acts;
}

type Entry =
  readonly ['act', WaitingAct] | readonly ['id', string, string, boolean] | readonly ['done', string] | readonly [null];

function lineOf(entry: readonly unknown[]): string {
  const json = JSON.stringify(entry);
  return `${sumOf(json)} ${json}\n`;
}

function sumOf(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function entryOf(line: string): Entry {
  const json = line.slice(9);
  // as: what has the sum was written by `lineOf`
  return json !== '' && line.startsWith(`${sumOf(json)} `) ? (JSON.parse(json) as Entry) : [null];
}

function apply(acts: Map<string, WaitingAct>, entry: Entry): void {
  if (entry[0] === 'act') acts.set(entry[1].key, entry[1]);
  else if (entry[0] === 'done') acts.delete(entry[1]);
  else if (entry[0] === 'id') {
    const [, key, eventId, isReminted] = entry;
    const act = acts.get(key);
    if (act) acts.set(key, { ...act, eventId, isReminted });
  }
}
