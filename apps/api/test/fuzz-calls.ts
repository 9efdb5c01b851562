// Calls that nobody in their right mind would send, and sound ones between them.
import fc from 'fast-check';
import superjson from 'superjson';
import { eventCatalogue } from '@studyin/domain/events';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { AnyProcedure, AnyTRPCRouter } from '@trpc/server';
import type { z } from 'zod';
import { appRouter } from '../src/router.ts';
import { materialId, questionId, topicId } from './test-curriculum.ts';
import { arbitraryInputOf, mutate, mutation } from './wire-arbitrary.ts';

/** One HTTP request to be. */
export type FuzzCall = {
  readonly method: 'GET' | 'POST';
  /** With its query, after `/trpc/`. */
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string;
  /** Whose token it bears: a learner by number, or a service. */
  readonly learner: number;
  readonly isService: boolean;
};

export const LEARNERS = 20;

const DAY_MS = 86_400_000;
const known = fc.constantFrom(topicId, materialId, questionId, idOf('topic', 2), idOf('question', 7));

/** Sound but for its ids, which are put in by `withIds`. */
const anyItem = fc.oneof(...Object.values(eventCatalogue).map(({ schema }) => arbitraryInputOf(schema)));

const ids = fc.record({
  ageMs: fc.oneof(fc.nat(20 * DAY_MS), fc.nat(20 * DAY_MS), fc.integer({ min: -2 * DAY_MS, max: 900 * DAY_MS })),
  n: fc.nat(1_000_000),
  session: fc.nat(9),
  content: known,
  isKnown: fc.boolean(),
  timezone: fc.constantFrom(undefined, 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
});
type Ids = typeof ids extends fc.Arbitrary<infer Value> ? Value : never;

function withIds(item: unknown, { ageMs, n, session, content, isKnown, timezone }: Ids, nowMs: number): unknown {
  const {
    occurredAt: _at,
    sourceId: _source,
    userId: _user,
    timezone: _zone,
    ...rest
  } = item as Record<string, unknown>; // as: made from an object's schema
  const named = ['topicId', 'questionId', 'materialId'].filter((key) => isKnown && key in rest);
  return {
    ...rest,
    eventId: eventIdAt(nowMs - ageMs, n),
    sessionId: idOf('session', session),
    ...(timezone === undefined ? {} : { timezone }),
    ...Object.fromEntries(named.map((key) => [key, content])),
  };
}

const itemAt = (nowMs: number): fc.Arbitrary<unknown> =>
  fc.tuple(anyItem, ids, fc.array(mutation, { maxLength: 2 }), fc.nat(2)).map(([item, own, mutations, soundness]) =>
    // two of three are left sound
    (soundness === 0 ? mutations : []).reduce(mutate, withIds(item, own, nowMs)),
  );

type Named = { readonly path: string; readonly type: string; readonly input: fc.Arbitrary<unknown> };

// Not called: they take away what the other calls have stored, or the curriculum from under them.
const notCalled = new Set(['privacy.erase', 'curriculum.import']);

// as: of a router of any shape tRPC knows them as any
const proceduresOf = (router: AnyTRPCRouter) => router._def.procedures as Readonly<Record<string, AnyProcedure>>;

/** Every procedure there is, with inputs that its schema accepts. */
const procedures: readonly Named[] = Object.entries(proceduresOf(appRouter))
  .filter(([path]) => !notCalled.has(path))
  .map(([path, { _def }]) => {
    // as: tRPC keeps the schemas of a procedure in a field that its types do not show
    const [schema] = (_def as unknown as { readonly inputs: readonly z.ZodType[] }).inputs;
    return { path, type: _def.type, input: schema === undefined ? fc.constant(undefined) : arbitraryInputOf(schema) };
  });

type Bare = Pick<FuzzCall, 'method' | 'path' | 'body'>;

const LONGEST_QUERY = 1_500;
/** As a client encodes it; what superjson refuses to, such as `__proto__` as a key, as somebody would write it by hand. */
function encode(input: unknown): string {
  try {
    return JSON.stringify(superjson.serialize(input));
  } catch {
    return JSON.stringify({ json: input }, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  }
}

const mutated = (input: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(input, fc.array(mutation, { maxLength: 2 })).map(([value, mutations]) => mutations.reduce(mutate, value));
const post = (path: string, body: string): Bare => ({ method: 'POST', path, body });

/** A sound envelope with something cut out of it or put into it. */
const brokenText = fc
  .tuple(
    anyItemText(),
    fc.nat(),
    fc.nat(8),
    fc.constantFrom('', '{', ']', '\u0000', '"', ',', '1e999', '\ud800', '}}}}', 'null'),
  )
  .map(
    ([text, at, cut, by]) => text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + cut),
  );

function anyItemText(): fc.Arbitrary<string> {
  return anyItem.map((item) => encode({ events: [item] }));
}

const anyCall = (nowMs: number): fc.Arbitrary<Bare> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .array(itemAt(nowMs), { minLength: 1, maxLength: 5 })
        .map((events) => post('tracking.events', encode({ events }))),
    },
    { weight: 3, arbitrary: itemAt(nowMs).map((event) => post('tracking.event', encode(event))) },
    { weight: 8, arbitrary: fc.oneof(...procedures.map((one) => procedureCall(one, nowMs))) },
    { weight: 2, arbitrary: brokenText.map((text) => post('tracking.events', text)) },
    {
      weight: 1,
      arbitrary: brokenText.map((text) => post('tracking.events,tracking.event?batch=1', `{"0":${text},"1":${text}}`)),
    },
  );

function procedureCall({ path, type, input }: Named, nowMs: number): fc.Arbitrary<Bare> {
  return fc.tuple(mutated(input), ids).map(([value, own]): Bare => {
    if (type === 'mutation') return post(path, encode(path.startsWith('tracking.') ? flat(value, own, nowMs) : value));
    const text = encode(value).slice(0, LONGEST_QUERY).toWellFormed();
    return { method: 'GET', path: `${path}?input=${encodeURIComponent(text)}`, body: null };
  });
}

function flat(value: unknown, own: Ids, nowMs: number): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? withIds(value, own, nowMs) : value;
}

/** Calls around `nowMs`, the same for the same seed and instant. */
export function fuzzCalls(nowMs: number): fc.Arbitrary<FuzzCall> {
  return fc
    .record({
      call: anyCall(nowMs),
      learner: fc.nat(LEARNERS - 1),
      isService: fc.nat(9).map((n) => n === 0),
      contentType: fc
        .nat(40)
        .chain((n) =>
          n > 0
            ? fc.constant('application/json')
            : fc.constantFrom('text/plain', 'multipart/form-data', 'application/json; charset=utf-16'),
        ),
    })
    .map(({ call, ...rest }) => ({ ...call, ...rest }));
}
