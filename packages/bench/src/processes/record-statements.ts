// Loaded by `--import` into a process of the product: writes every statement that it sends through pg into a recording.
import pg from 'pg';
import { appendUnit, beginRecording } from '../benches/nightly-recording.ts';
import type { RecordedQuery } from '../benches/nightly-recording.ts';

type QueryFunction = (this: object, ...args: unknown[]) => unknown;

const BEGIN = /^(start transaction|begin)\b/i;
const END = /^(commit|rollback)\b/i;

function recordTo(file: string): void {
  beginRecording(file);
  const open = new WeakMap<object, RecordedQuery[]>();
  const note = (client: object, query: RecordedQuery): void => {
    const unit = open.get(client);
    if (unit === undefined) {
      if (BEGIN.test(query.text)) open.set(client, [query]);
      else appendUnit(file, [query]);
      return;
    }
    unit.push(query);
    // Savepoints are rolled back to by name, and do not end the transaction.
    if (!END.test(query.text) || /\bto\b/i.test(query.text)) return;
    open.delete(client);
    appendUnit(file, unit);
  };
  // as: the one method that all others go through; its overloads are all (text or config, values, callback)
  const prototype = pg.Client.prototype as unknown as { query: QueryFunction };
  const { query: send } = prototype;
  prototype.query = function (...args) {
    for (const recorded of queriesOf(args)) note(this, recorded);
    return send.apply(this, args);
  };
}

function queriesOf([first, second]: readonly unknown[]): readonly RecordedQuery[] {
  const values = Array.isArray(second) ? (second as unknown[]) : []; // as: Array.isArray says any[]
  if (typeof first === 'string') return [{ name: undefined, text: first, values }];
  if (typeof first !== 'object' || first === null) return [];
  // as: several reads in one message, which say themselves what they are
  if ('statements' in first) return first.statements as readonly RecordedQuery[];
  if (!('text' in first)) return [];
  const config = first as Partial<RecordedQuery>; // as: pg's own query config
  return [{ name: config.name, text: config.text ?? '', values: config.values ?? values }];
}

const file = process.env['STUDYIN_BENCH_RECORDING'];
if (file !== undefined) recordTo(file);
