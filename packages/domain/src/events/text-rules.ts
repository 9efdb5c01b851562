// What no item may hold, whatever its type: values that are not JSON (superjson delivers NaN, Date, Map),
// text that PostgreSQL cannot store, keys that reach a prototype, and more than it could need.
import type { RejectReason } from './reject-reason.ts';

/** Why an item is refused by its content alone. */
export type ContentFaultReason = Extract<RejectReason, 'invalid' | 'invalid_text' | 'pii'>;

/** Finds somebody's name in what people write, and in what systems do: keys, codes, paths. */
export type NameSearch = {
  readonly isInText: (text: string) => boolean;
  readonly isInCode: (code: string) => boolean;
};

/** Finds personal data in keys and values. */
export type ContentGuard = {
  readonly isPersonalKey: (key: string) => boolean;
  readonly isPersonalText: (text: string) => boolean;
  readonly isPersonalNumber: (value: number) => boolean;
};

export const maxTextBytes = 1024;
export const maxKeyLength = 64;
/** An item is depth 0 and its properties depth 1; what is deeper is refused by the schema, up to here with its path. */
const maxDepth = 8;

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether the text can be stored: well-formed UTF-16 and no NUL. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Whether the text has at most 1 KB in UTF-8. */
export function isShortText(text: string): boolean {
  // A UTF-16 unit is at most three bytes: only texts between the two bounds must be counted.
  if (text.length * 3 <= maxTextBytes) return true;
  return text.length <= maxTextBytes && Buffer.byteLength(text) <= maxTextBytes;
}

/** Whether the value is an object literal: no array, no class instance. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The fault is found before its path is known: the path is built on the way back, so a sound item pays nothing for it. */
function fault(reason: ContentFaultReason): { reason: ContentFaultReason; keys: string[] } {
  return { reason, keys: [] };
}

type Found = ReturnType<typeof fault> | null;

function faultOfText(text: string, guard: ContentGuard | null): Found {
  if (!isStorableText(text)) return fault('invalid_text');
  if (!isShortText(text)) return fault('invalid');
  return guard?.isPersonalText(text) ? fault('pii') : null;
}

function faultOfNumber(value: number, guard: ContentGuard | null): Found {
  if (!Number.isFinite(value)) return fault('invalid');
  return guard?.isPersonalNumber(value) ? fault('pii') : null;
}

function faultOfKey(key: string, guard: ContentGuard | null): Found {
  if (!isStorableText(key)) return fault('invalid_text');
  if (forbiddenKeys.has(key) || key.length > maxKeyLength) return fault('invalid');
  return guard?.isPersonalKey(key) ? fault('pii') : null;
}

function faultOfObject(value: object, guard: ContentGuard | null, depth: number): Found {
  if (depth > maxDepth || !(Array.isArray(value) || isPlainObject(value))) return fault('invalid');
  for (const [key, member] of Object.entries(value)) {
    const found = faultOfKey(key, guard) ?? faultOfValue(member, guard, depth + 1);
    if (found !== null) {
      found.keys.push(key);
      return found;
    }
  }
  return null;
}

function faultOfValue(value: unknown, guard: ContentGuard | null, depth: number): Found {
  switch (typeof value) {
    case 'string':
      return faultOfText(value, guard);
    case 'number':
      return faultOfNumber(value, guard);
    case 'boolean':
    case 'undefined': // an absent key, as superjson carries it; the schema knows which keys may be absent
      return null;
    case 'object':
      return value === null ? null : faultOfObject(value, guard, depth);
    default:
      return fault('invalid');
  }
}

/** The first thing that no item may hold, in the order of its keys, found in one walk; `guard` watches the properties. */
export function contentFaultOf(
  item: Readonly<Record<string, unknown>>,
  guard: ContentGuard | null,
): { readonly reason: ContentFaultReason; readonly keys: readonly string[] } | null {
  for (const [key, member] of Object.entries(item)) {
    const found = faultOfKey(key, null) ?? faultOfValue(member, key === 'properties' ? guard : null, 1);
    if (found !== null) return { reason: found.reason, keys: [...found.keys, key].reverse() };
  }
  return null;
}
