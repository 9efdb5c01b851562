import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly text: string }
  /** More bytes than allowed; the rest is let flow away. */
  | { readonly tooLarge: true }
  /** The client left before it had sent all. */
  | { readonly aborted: true };

/** The whole body as text. Never throws. */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    // its 'close' was before anybody listened
    if (req.destroyed) return resolve({ aborted: true });
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body): void => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) finish({ tooLarge: true });
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish({ text: decode(chunks) });
    const onClose = (): void => finish({ aborted: true });
    req.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function decode(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  const text = (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8');
  // as fetch reads a body: a byte order mark is no part of the text
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
