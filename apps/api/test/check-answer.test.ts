// The compiled checks of answers against the schemas that they stand for.
import { expect } from 'chai';
import { z } from 'zod';
import * as analytics from '../src/schemas/dashboard-analytics.ts';
import * as gaps from '../src/schemas/dashboard-gaps.ts';
import * as readiness from '../src/schemas/dashboard-readiness.ts';
import * as reviews from '../src/schemas/dashboard-reviews.ts';
import * as schemas from '../src/schemas/dashboard.ts';
import { checkAnswer } from '../src/schemas/check-answer.ts';

type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
};

const all: Readonly<Record<string, z.ZodType>> = { ...schemas, ...gaps, ...readiness, ...reviews, ...analytics };
const outputs = Object.entries(all).flatMap(([name, schema]) =>
  name.endsWith('Output') && schema instanceof z.ZodObject ? [[name, schema] as const] : [],
);

const texts: Readonly<Record<string, string>> = {
  date: '2026-03-18',
  'date-time': '2026-03-18T12:00:00.000Z',
  uuid: '0195d2a0-0000-7000-8000-00000000000a',
};

/** One value of a schema. */
function sampleOf(schema: JsonSchema): unknown {
  const type = [schema.type].flat()[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice !== undefined) return sampleOf(choice[0] ?? {});
  if (schema.prefixItems !== undefined) return schema.prefixItems.map(sampleOf);
  if (type === 'array') return [sampleOf(schema.items ?? {}), sampleOf(schema.items ?? {})];
  if (type === 'string') return texts[schema.format ?? ''] ?? 'text';
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return Math.max(1, schema.minimum ?? 1);
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, sampleOf(inner)]));
}

const oddities: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Infinity,
  -1,
  -0,
  0.5,
  5,
  101,
  2 ** 53,
  '',
  'other',
  '2026-02-30',
  '2026-3-1',
  '2026-03-18T12:00:00+01:00',
  '2026-03-18T25:00:00Z',
  texts['uuid']?.toUpperCase(),
  `${texts['uuid']}\n`,
  '0195d2a0-0000-7000-8000-00000000000g',
  '0195d2a0-0000-7000-8000-00000000000é',
  '0195d2a0-0000-7000-8000-00000000000',
  '0195d2a00-000-7000-8000-00000000000a',
  '0195d2a0-0000-7000-8000-0000000-000a',
  '0195d2a0000007000080000000000000000a',
  `${texts['date']}\n`,
  'x'.repeat(301),
  '1',
  true,
  [],
  [null],
  {},
  new Date(),
];

/** Copies of a value, each with one place of it replaced, left out or added to. */
function* variantsOf(value: unknown): Generator {
  yield* oddities;
  if (Array.isArray(value)) {
    for (const [index, member] of value.slice(0, 1).entries()) {
      for (const other of variantsOf(member)) yield value.with(index, other);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  yield { ...value, more: undefined };
  yield { ...value, more: 1 };
  for (const [key, member] of Object.entries(value)) {
    yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    for (const other of variantsOf(member)) yield { ...value, [key]: other };
  }
}

/** The same answer, or the same issues. */
function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof z.ZodError ? { issues: error.issues } : { error };
  }
}

describe('the check of an answer', () => {
  it('is there for every output of a dashboard', () => {
    expect(outputs.map(([name]) => name)).to.include.members(['overviewOutput', 'gapsOutput', 'allOutput']);
    expect(outputs).to.have.length.above(15);
  });

  it('answers an object of its own, which somebody else may get too', () => {
    const answer = { asOf: null, gaps: [] };
    const checked = [checkAnswer(gaps.gapsOutput, answer), checkAnswer(gaps.gapsOutput, answer)];
    expect(checked).to.deep.equal([answer, answer]);
    expect(new Set([...checked, answer]).size).to.equal(3);
  });

  for (const [name, schema] of outputs) {
    it(`says of ${name} what its schema says, whatever is wrong with it`, () => {
      // as: what zod writes is such a schema
      const sample = sampleOf(z.toJSONSchema(schema) as JsonSchema);
      expect(schema.safeParse(sample).success, JSON.stringify(sample)).to.equal(true);
      let refused = 0;
      for (const variant of [sample, ...variantsOf(sample)]) {
        const expected = outcomeOf(() => schema.parse(variant));
        const found = outcomeOf(() => checkAnswer(schema, variant as never)); // as: it may be wrong
        if (expected !== null && typeof expected === 'object' && 'issues' in expected) refused += 1;
        expect(found, JSON.stringify(expected)).to.deep.equal(expected);
      }
      expect(refused).to.be.above(50);
    });
  }
});
