import { DomainError } from '../errors.ts';

const LONGEST_LINE = 16 * 1024 * 1024;

/** The lines of a text that comes in pieces. They end with a line feed and nothing else: JSON may hold other separators. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new DomainError('invalid', 'The file has a line that is too long.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
