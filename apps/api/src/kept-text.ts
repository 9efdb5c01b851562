// An answer that carries its own text: made once, when it is put into the cache, and sent as it is with every hit.
const text = Symbol('the answer as superjson text');

/** Gives an answer its text; it must be plain JSON, as the schemas of dashboards demand, and not be changed from then on. */
export function keepText<Answer extends object>(answer: Answer): Answer {
  // Not enumerable: neither JSON nor superjson nor a schema sees it.
  return Object.defineProperty(answer, text, { value: `{"json":${JSON.stringify(answer)}}` });
}

/** The text that an answer carries, envelope of superjson included. */
export function textOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const kept: unknown = Reflect.get(answer, text);
  return typeof kept === 'string' ? kept : undefined;
}
