import { uuidPattern } from './event-id.ts';
import { isPersonalText } from './pii-guard.ts';
import type { NameSearch } from './text-rules.ts';

/** A key that may be shown and kept. A sender may put anything into a key, so all but plain identifiers are hidden. */
function isShowable(key: string, names: NameSearch | null): boolean {
  if (!/^[a-z][\w-]{0,63}$/i.test(key) || uuidPattern.test(key) || isPersonalText(key)) return false;
  return names === null || !(names.isInText(key) || names.isInCode(key));
}

/** The place of a value in an item, as keys joined by dots; a key that is no plain identifier is shown as `*`. */
export function keyPath(keys: readonly PropertyKey[], names: NameSearch | null = null): string {
  return keys.map((key) => (typeof key === 'string' && isShowable(key, names) ? key : '*')).join('.');
}
