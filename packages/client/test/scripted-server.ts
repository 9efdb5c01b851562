// An HTTP server that speaks tRPC's wire format and fails as it is told to: what a real API does only on a bad day.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import superjson from 'superjson';

export type Call = { readonly path: string; readonly input: unknown };

export type Request = {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly bytes: number;
  readonly calls: readonly Call[];
  /** When it came, as performance.now() says. */
  readonly atMs: number;
};

/** In place of an answer: a connection closed without a word, silence, or a response with this body. */
export type Failure =
  | 'hang up'
  | 'never answer'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string };

export type Script = {
  /** What the n-th request (from 0) fails with; null for an answer. */
  readonly fail?: (request: Request, n: number) => Failure | null;
  readonly answer?: (call: Call) => unknown;
};

export type ScriptedServer = { readonly url: string; readonly requests: readonly Request[]; close(): Promise<void> };

export async function startScriptedServer({
  fail = () => null,
  answer = acceptAll,
}: Script = {}): Promise<ScriptedServer> {
  const requests: Request[] = [];
  // A client of a server that is gone may still call its port, which may be this one's by now.
  const base = `/${randomUUID()}`;
  const server = createServer((req, res) => {
    if (req.url?.startsWith(`${base}/`) !== true) return void res.destroy();
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => (body += text));
    req.on('end', () => {
      const request = readRequest(req, base, body);
      const failure = fail(request, requests.push(request) - 1);
      if (failure === null) respond(res, request, answer);
      else if (failure === 'hang up') res.destroy();
      else if (failure !== 'never answer') res.writeHead(failure.status, failure.headers).end(failure.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  return {
    url: `http://127.0.0.1:${port}${base}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A refusal as the API writes it. */
export function refusal(code: string, httpStatus: number, headers: Readonly<Record<string, string>> = {}): Failure {
  const shape = { message: code, code: -32000, data: { code, httpStatus, requestId: 'request' } };
  const body = JSON.stringify({ error: superjson.serialize(shape) });
  return { status: httpStatus, headers: { 'content-type': 'application/json', ...headers }, body };
}

type Batch = { readonly events: readonly { readonly eventId: string }[] };

/** The events of a request that sends a batch of them. */
export function eventsOf({ calls }: Request): Batch['events'] {
  return calls.flatMap(({ input }) => (input as Batch).events); // as: those tests send nothing else
}

function acceptAll({ path, input }: Call): unknown {
  if (path !== 'tracking.events') return { path, input };
  const { events } = input as Batch; // as: what the path takes
  return {
    results: events.map(({ eventId }) => ({ eventId, status: 'accepted' })),
    serverTime: '2026-01-01T00:00:00.000Z',
  };
}

function respond(res: ServerResponse, { url, calls }: Request, answer: (call: Call) => unknown): void {
  const results = calls.map((call) => ({ result: { data: superjson.serialize(answer(call)) } }));
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(isBatch(url) ? results : results[0]));
}

function isBatch(url: string): boolean {
  return url.includes('batch=1');
}

type Serialized = Parameters<typeof superjson.deserialize>[0];

function readRequest({ method = '', url = '', headers }: IncomingMessage, base: string, body: string): Request {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const sent = body === '' ? searchParams.get('input') : body;
  const inputs: unknown = sent === null ? {} : JSON.parse(sent);
  const paths = pathname.replace(`${base}/trpc/`, '').split(',');
  // as: tRPC's client sends a call's input alone, those of a batch by their place
  const inputAt = (at: number) => (isBatch(url) ? (inputs as Record<number, Serialized>)[at] : (inputs as Serialized));
  return {
    method,
    url,
    token: headers.authorization,
    bytes: Buffer.byteLength(body),
    calls: paths.map((path, at) => ({ path, input: read(inputAt(at)) })),
    atMs: performance.now(),
  };
}

function read(input: Serialized | undefined): unknown {
  return input === undefined || !('json' in input) ? undefined : superjson.deserialize(input);
}
