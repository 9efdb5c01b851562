// An answer log as CSV: `user,item,skill,correct,t`, optionally with `rt_ms` and others, which are ignored.
import { readFileSync } from 'node:fs';
import { DomainError } from '@studyin/domain/errors';

export type LoggedAnswer = {
  readonly user: string;
  readonly item: string;
  readonly skill: string;
  readonly isCorrect: boolean;
  /** Unix seconds. */
  readonly t: number;
  /** Null where the log does not say. */
  readonly responseMs: number | null;
};

const needed = ['user', 'item', 'skill', 'correct', 't'] as const;
// 1970 to 2100: what cannot be an answer's time is a wrong column.
const LATEST_SECONDS = 4_102_444_800;
const LONGEST_RESPONSE_MS = 86_400_000;

export type LogOptions = {
  /** Take a log without the column `item` too: each of its answers is then to a question of its own, `#` and the line. */
  readonly itemsOptional?: boolean;
};

/** Reads a whole log, in the order of the file. Throws `invalid` in one line that names the file and the line at fault. */
export function readAnswerLog(file: string, options: LogOptions = {}): readonly LoggedAnswer[] {
  return parseAnswerLog(readText(file), file, options);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DomainError('invalid', `${file} cannot be read (${code}).`, { cause: error });
  }
}

export function parseAnswerLog(
  text: string,
  file: string,
  { itemsOptional = false }: LogOptions = {},
): readonly LoggedAnswer[] {
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const names = header.split(',').map((name) => name.trim());
  const required = needed.filter((name) => !(itemsOptional && name === 'item'));
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new DomainError(
      'invalid',
      `${file}, line 1: the header lacks ${missing.join(', ')}; it must have ${required.join(',')}.`,
    );
  }
  const columns = { names, at: (name: string) => names.indexOf(name) };
  const answers = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseLine(line, columns, { file, number: index + 2 })],
  );
  if (answers.length === 0) throw new DomainError('invalid', `${file} holds no answers.`);
  return answers;
}

type Columns = { readonly names: readonly string[]; at(name: string): number };

type Place = { readonly file: string; readonly number: number };

function parseLine(line: string, columns: Columns, { file, number }: Place): LoggedAnswer {
  const fields = line.split(',').map((field) => field.trim());
  const refuse = (why: string): never => {
    throw new DomainError('invalid', `${file}, line ${number}: ${why}.`);
  };
  if (fields.length !== columns.names.length) refuse(`${fields.length} fields, the header has ${columns.names.length}`);
  const field = (name: string): string =>
    name === 'item' && columns.at('item') < 0 ? `#${number}` : (fields[columns.at(name)] ?? '');
  const unnamed = ['user', 'item', 'skill'].find((name) => !/^.{1,64}$/.test(field(name)));
  if (unnamed !== undefined) refuse(`${unnamed} must have 1 to 64 characters`);
  if (!/^[01]$/.test(field('correct'))) refuse('correct must be 0 or 1');
  const t = Number(field('t'));
  if (field('t') === '' || !Number.isInteger(t) || t < 0 || t > LATEST_SECONDS) refuse('t must be whole Unix seconds');
  return {
    user: field('user'),
    item: field('item'),
    skill: field('skill'),
    isCorrect: field('correct') === '1',
    t,
    responseMs: columns.at('rt_ms') < 0 ? null : parseResponse(field('rt_ms'), refuse),
  };
}

function parseResponse(text: string, refuse: (why: string) => never): number | null {
  if (text === '' || text === 'NA') return null;
  const ms = Number(text);
  if (!Number.isFinite(ms) || ms < 0) refuse('rt_ms must be a number of milliseconds, or empty');
  return Math.min(ms, LONGEST_RESPONSE_MS);
}
