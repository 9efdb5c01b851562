// An answer that carries the bytes it is sent as: made once, when it is put into the cache, and sent as they are with every hit.
const bytes = Symbol('the answer in tRPC’s envelope');

/** Gives an answer its bytes; it must be plain JSON, as the schemas of dashboards demand, and not be changed from then on. */
export function keepBytes<Answer extends object>(answer: Answer): Answer {
  const text = `{"result":{"data":{"json":${JSON.stringify(answer)}}}}`;
  const value = Buffer.allocUnsafeSlow(Buffer.byteLength(text)); // of its own: a part of a pool would keep the whole pool
  value.write(text);
  // Not enumerable: neither JSON nor superjson nor a schema sees it.
  return Object.defineProperty(answer, bytes, { value });
}

/** The bytes that an answer carries, envelopes of tRPC and superjson included. */
export function bytesOf(answer: unknown): Buffer | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const kept: unknown = Reflect.get(answer, bytes);
  return Buffer.isBuffer(kept) ? kept : undefined;
}
