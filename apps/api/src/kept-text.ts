// An answer that carries what it is sent as, made once, when it was found. Most answers have one reader, for whom text is the
// cheapest: bytes are memory outside of the heap, which has the garbage collected the more often. From the second reader on it
// is bytes, sent as they are.
const kept = Symbol('the answer in tRPC’s envelope');

type Kept = { form: string | Buffer; isSent: boolean };

/** Gives an answer its text; it must be plain JSON, as the schemas of dashboards demand, and not be changed from then on. */
export function keepText<Answer extends object>(answer: Answer): Answer {
  const value: Kept = { form: `{"result":{"data":{"json":${JSON.stringify(answer)}}}}`, isSent: false };
  // Not enumerable: neither JSON nor superjson nor a schema sees it.
  return Object.defineProperty(answer, kept, { value });
}

/** What the answer is sent as, envelopes of tRPC and superjson included, for one more reader; undefined where it carries nothing. */
export function formToSend(answer: unknown): string | Buffer | undefined {
  const own = keptOf(answer);
  if (own === undefined) return undefined;
  if (own.isSent && typeof own.form === 'string') own.form = bytesOf(own.form);
  own.isSent = true;
  return own.form;
}

/** How many bytes are sent; 0 where the answer carries nothing. */
export function bytesToSend(answer: object): number {
  return Buffer.byteLength(keptOf(answer)?.form ?? '');
}

function keptOf(answer: unknown): Kept | undefined {
  // as: nobody else has the symbol
  return typeof answer === 'object' && answer !== null ? (Reflect.get(answer, kept) as Kept | undefined) : undefined;
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text)); // of its own: a part of a pool would keep the whole pool
  bytes.write(text);
  return bytes;
}
