// What the options of several commands have in common.
import { isStudyDay } from '@studyin/domain/algorithms';
import { InvalidArgumentError, Option } from 'commander';
import type { Env } from '@studyin/settings/read-settings';
import { createOutput } from './output.ts';
import type { Output } from './output.ts';

export type Json = { readonly json: boolean };

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, as the last line of standard output').default(false);
}

export function outputOf({ json }: Json, env: Env): Output {
  return createOutput({ json, noColor: (env['NO_COLOR'] ?? '') !== '' });
}

/** Reads a whole number of a range, both ends included. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Reads a day of this century, YYYY-MM-DD. */
export function day(text: string): string {
  if (isStudyDay(text) && text >= '2000-01-01' && text <= '2099-12-31') return text;
  throw new InvalidArgumentError('It must be a day such as 2026-01-31.');
}

/** Reads a UUID, in lower case. */
export function uuid(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be a UUID.');
}
