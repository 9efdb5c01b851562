import { extname, join } from 'node:path';

/** A file of the room `processes`, which holds what runs as a process of its own. */
export function scriptOf(name: string): string {
  return join(import.meta.dirname, '..', 'processes', `${name}${extname(import.meta.filename)}`);
}
