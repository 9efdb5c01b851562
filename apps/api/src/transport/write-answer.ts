// What procedures answered in tRPC's envelope, byte for byte as the official adapter writes it.
import { textOf } from '../kept-text.ts';
import { superjsonText } from '../superjson-text.ts';

/** The envelope of an answer. */
export function resultText(data: unknown): string {
  return `{"result":{"data":${textOf(data) ?? superjsonText(data)}}}`;
}

/** The envelope of an error's shape. */
export function errorText(shape: object): string {
  return `{"error":${superjsonText(shape)}}`;
}
