// The statements of a night, as the product sent them: kept in a file, one entry for each transaction, in the order of their begin.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

export type RecordedQuery = {
  /** The prepared statement's name; undefined for a plain text. */
  readonly name: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
};

/** All queries of one transaction, its begin and end among them; or one query outside any. */
export type RecordedUnit = readonly RecordedQuery[];

const LENGTH_BYTES = 4;

export function beginRecording(file: string): void {
  writeFileSync(file, '');
}

export function appendUnit(file: string, unit: RecordedUnit): void {
  const bytes = serialize(unit);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  appendFileSync(file, Buffer.concat([length, bytes]));
}

export function readRecording(file: string): readonly RecordedUnit[] {
  const bytes = readFileSync(file);
  const units: RecordedUnit[] = [];
  for (let place = 0; place < bytes.length;) {
    const end = place + LENGTH_BYTES + bytes.readUInt32LE(place);
    // as: written by appendUnit
    units.push(deserialize(bytes.subarray(place + LENGTH_BYTES, end)) as RecordedUnit);
    place = end;
  }
  return units;
}

const BEGINS_STEP = 'batch.lock_runs';

/**
 * Parts of a recording that come one after the other, as the steps of a night do: each begins where the product looks what is
 * to be done next. Within a part the order of transactions is free.
 */
export function splitBySteps(units: readonly RecordedUnit[]): readonly (readonly RecordedUnit[])[] {
  const parts: RecordedUnit[][] = [[]];
  for (const unit of units) {
    if (unit.some(({ name }) => name === BEGINS_STEP)) parts.push([]);
    parts.at(-1)?.push(unit);
  }
  return parts.filter((part) => part.length > 0);
}
