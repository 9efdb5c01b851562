// Which requests this transport answers itself: plain JSON calls of known procedures. Whatever is unusual, refusals that need no
// procedure among it, goes to the official adapter with its body unread.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { AnyProcedure, AnyTRPCRouter } from '@trpc/server';

export type PlainCall = {
  readonly isBatch: boolean;
  readonly type: 'query' | 'mutation';
  readonly calls: readonly { readonly path: string }[];
  /** The text of a query's input; of a mutation it is the body. */
  readonly queryInput: string | null;
};

export type PlainCallReader = (req: IncomingMessage) => PlainCall | null;

type ReaderOptions = {
  readonly router: AnyTRPCRouter;
  readonly maxBatchSize: number;
  readonly maxBodySize: number;
};

const PREFIX = '/trpc/';

/** Reads a request's line and headers; null for what the official adapter is to answer. */
export function createPlainCallReader({ router, maxBatchSize, maxBodySize }: ReaderOptions): PlainCallReader {
  // as: tRPC types the map of a router of any shape as any
  const procedures = router._def.procedures as Readonly<Record<string, AnyProcedure>>;
  const types = new Map(Object.entries(procedures).map(([path, { _def }]) => [path, _def.type]));
  return ({ method, url = '', headers }) => {
    if (!url.startsWith(PREFIX)) return null;
    const type = typeOfMethod(method);
    if (type === null || !isPlainJson(headers, type)) return null;
    if (Number(headers['content-length'] ?? 0) > maxBodySize) return null;
    const { pathname, searchParams } = splitUrl(url);
    if (searchParams?.has('connectionParams') === true) return null;
    const isBatch = searchParams?.get('batch') === '1';
    const path = pathname.slice(pathname.lastIndexOf('/') + 1);
    const paths = isBatch ? path.split(',') : [path];
    // A path in percent-encoding names no procedure as it stands.
    if (paths.length > maxBatchSize || paths.some((one) => types.get(one) !== type)) return null;
    return {
      isBatch,
      type,
      calls: paths.map((one) => ({ path: one })),
      queryInput: searchParams?.get('input') ?? null,
    };
  };
}

function typeOfMethod(method: string | undefined): 'query' | 'mutation' | null {
  if (method === 'POST') return 'mutation';
  return method === 'GET' ? 'query' : null;
}

function isPlainJson(headers: IncomingHttpHeaders, type: 'query' | 'mutation'): boolean {
  if (headers['trpc-accept'] !== undefined || headers.accept?.includes('application/jsonl') === true) return false;
  const contentType = headers['content-type'];
  // A query needs none.
  if (contentType === undefined) return type === 'query';
  return (
    contentType === 'application/json' || contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
  );
}

function splitUrl(url: string): { readonly pathname: string; readonly searchParams: URLSearchParams | null } {
  const mark = url.indexOf('?');
  if (mark === -1) return { pathname: url, searchParams: null };
  return { pathname: url.slice(0, mark), searchParams: new URLSearchParams(url.slice(mark + 1)) };
}
