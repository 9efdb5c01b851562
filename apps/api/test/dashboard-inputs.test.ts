import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { z } from 'zod';
import { appRouter } from '../src/router.ts';

/** A value for each key that a dashboard may be asked with. */
const values: Readonly<Record<string, unknown>> = {
  userId: randomUUID(),
  topicId: randomUUID(),
  topicIds: [randomUUID(), randomUUID()],
  questionId: randomUUID(),
  materialId: randomUUID(),
  days: 7,
  limit: 5,
  order: 'name',
  cursor: 'abc',
};

type Input = z.ZodObject | z.ZodPrefault<z.ZodObject>;
type DashboardProcedure = { readonly _def: { readonly inputs: readonly Input[] } };

describe('what a dashboard is asked', () => {
  // as: the router's own map, by path; each of these takes one object
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, DashboardProcedure>).filter(
    ([path]) => path.startsWith('dashboard.'),
  );

  it('is read in the order of the schema, whatever that of the caller was: it is the key that answers are kept under', () => {
    expect(procedures).to.have.length.at.least(17);
    for (const [path, { _def }] of procedures) {
      const [schema] = _def.inputs;
      if (schema === undefined) throw new Error(`${path} takes no input`);
      const { shape } = 'unwrap' in schema ? schema.unwrap() : schema;
      const keys = Object.keys(shape);
      const readOf = (order: readonly string[]): string =>
        JSON.stringify(schema.parse(Object.fromEntries(order.map((key) => [key, values[key]]))));
      expect(Object.keys(JSON.parse(readOf(keys)) as object), path).to.deep.equal(keys);
      expect(readOf(keys.toReversed()), path).to.equal(readOf(keys));
    }
  });
});
