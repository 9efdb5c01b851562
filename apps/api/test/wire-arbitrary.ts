// Inputs that a schema accepts, made from its JSON Schema, and the same with something in them gone wrong.
import fc from 'fast-check';
import { z } from 'zod';

type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** Inputs that a zod schema accepts, as far as its JSON Schema says all. */
export function arbitraryInputOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  return arbitraryOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema); // as: the parts read here
}

function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(arbitraryOf));
  switch (schema.type) {
    case 'object':
      return arbitraryObject(schema);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, (schema.minItems ?? 0) + 5),
      });
    case 'string':
      return arbitraryText(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 2 ** 31) });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function arbitraryObject({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([key, member]) => [key, arbitraryOf(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] });
}

function arbitraryText({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid' || format === 'guid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40), unit: 'grapheme' });
}

/** UTF-16 as it comes: NUL, lone surrogates and all. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));
const pollution: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
const oddTexts = [
  'a\u0000b',
  '\ud800',
  '__proto__',
  'constructor',
  'now',
  'infinity',
  '%00',
  '\\u0000',
  'x'.repeat(3_000),
];
const oddWords = [
  "'; drop table study_events; --",
  '2026-02-30',
  '+275760-09-13T00:00:00.000Z',
  '0000-00-00',
  'Etc/Nowhere',
];
const oddNumbers = [
  2 ** 53 + 2,
  -(2 ** 53),
  1e308,
  -1e-308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  86_401,
  -1,
  10n ** 30n,
];
const oddTimes = [new Date(8.64e15), new Date(Number.NaN)];
const oddObjects = [[], {}, [[]], { a: { b: { c: {} } } }, /x/g, pollution, new Map([['a', 1]]), new Set(['a'])];
const odd: readonly unknown[] = [
  null,
  undefined,
  true,
  ...oddTexts,
  ...oddWords,
  ...oddNumbers,
  ...oddTimes,
  ...oddObjects,
];
/** Whatever superjson carries. */
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: anyText },
  { weight: 1, arbitrary: fc.double() },
  {
    weight: 1,
    arbitrary: fc.anything({ maxDepth: 3, maxKeys: 4, withBigInt: true, withDate: true, withMap: true, withSet: true }),
  },
);

export type Mutation = {
  readonly place: number;
  readonly kind: 'replace' | 'delete' | 'add';
  readonly key: string;
  readonly value: unknown;
};

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'delete', 'add'),
  key: fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'email', 'surplus', 'userId', 'length')),
  value: anyValue,
});

/** The value with one place of it changed; places are counted through all objects in it. */
export function mutate(value: unknown, { place, kind, key, value: by }: Mutation): unknown {
  const copy: unknown = structuredClone(value);
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const walk = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null || holder instanceof Date) return;
    for (const name of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key: name }); // as: an object by its own keys
      walk(Reflect.get(holder, name));
    }
  };
  walk(copy);
  const chosen = places[place % Math.max(1, places.length)];
  if (chosen === undefined) return by;
  const { holder } = chosen;
  if (kind === 'delete') Reflect.deleteProperty(holder, chosen.key);
  else if (kind === 'add' && Array.isArray(holder)) holder.push(by);
  else {
    const at = kind === 'add' ? key : chosen.key;
    Object.defineProperty(holder, at, { value: by, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}
