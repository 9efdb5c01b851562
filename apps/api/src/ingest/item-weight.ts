const CHARS_PER_UNIT = 1024;
/** Roughly what a member costs whatever it holds. */
const CHARS_PER_MEMBER = 16;

/** What an item counts for in the queue: one, or one for each 1,024 characters of its text, so that memory is bounded too. */
export function itemWeight(input: unknown): number {
  let chars = 0;
  const open: unknown[] = [input];
  while (open.length > 0) {
    const value = open.pop();
    chars += CHARS_PER_MEMBER;
    if (typeof value === 'string') chars += value.length;
    else if (Array.isArray(value)) for (const member of value) open.push(member);
    else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        chars += key.length;
        open.push(Reflect.get(value, key));
      }
    }
  }
  return Math.max(1, Math.ceil(chars / CHARS_PER_UNIT));
}
