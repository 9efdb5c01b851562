// The door in front of the queue's dashboard, which has no notion of who may look: at loopback alone, for whoever shows a token of
// the role admin, for as long as that token lives.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@studyin/domain/errors';
import type { AdminCheck } from '../admin-check.ts';
import { loginPage } from './login-page.ts';

export type GateOptions = {
  readonly port: number;
  /** Whether anything but reading is handed on. */
  readonly allowsChanges: boolean;
  readonly checkAdmin: AdminCheck;
  /** The dashboard itself. */
  readonly handle: (request: Request) => Promise<Response>;
};

export type Gate = { readonly url: string; close(): Promise<void> };

const HOST = '127.0.0.1';
const COOKIE = 'studyin_queue';
const MAX_BODY_BYTES = 64 * 1024;

/** Listens. Throws `misconfigured` where the port is taken. */
export async function openDashboardGate(options: GateOptions): Promise<Gate> {
  const sessions = new Map<string, number>();
  const server = createServer({ requestTimeout: 10_000 }, (req, res) => {
    answer(req, options, sessions).then(
      (response) => send(res, response),
      () => send(res, new Response('The dashboard failed.\n', { status: 502 })),
    );
  });
  server.listen(options.port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new DomainError(
      'misconfigured',
      `Port ${options.port} of ${HOST} cannot be used; choose another by --port.`,
      { cause: error },
    );
  }
  return {
    url: `http://${HOST}:${options.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Sessions = Map<string, number>;

async function answer(req: IncomingMessage, options: GateOptions, sessions: Sessions): Promise<Response> {
  // A page elsewhere whose name resolves to loopback must not speak through the browser of an admin.
  const names = [`${HOST}:${options.port}`, `localhost:${options.port}`];
  if (!names.includes(req.headers.host ?? '')) return refuse(403, 'Ask at 127.0.0.1.');
  const url = new URL(req.url ?? '/', `http://${req.headers.host}`);
  const isReading = req.method === 'GET' || req.method === 'HEAD';
  if (url.pathname === '/login' && req.method === 'POST') return login(await readBody(req), options, sessions);
  if (!isKnown(req, sessions)) return loginPage(401);
  if (!isReading && !options.allowsChanges) return refuse(403, 'It only shows; --changes lets jobs be changed.');
  const body = isReading ? null : await readBody(req);
  return options.handle(new Request(url, { method: req.method ?? 'GET', headers: headersOf(req), body }));
}

async function login(body: string, { checkAdmin }: GateOptions, sessions: Sessions): Promise<Response> {
  const admin = await checkAdmin(new URLSearchParams(body).get('token')?.trim() ?? '');
  if (admin === null) return loginPage(403);
  const id = randomBytes(32).toString('hex');
  sessions.set(id, admin.expiresAtMs);
  const cookie = `${COOKIE}=${id}; HttpOnly; SameSite=Strict; Path=/`;
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
}

function isKnown({ headers }: IncomingMessage, sessions: Sessions): boolean {
  const id = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? '')?.[1] ?? '';
  const expiresAtMs = sessions.get(id);
  if (expiresAtMs === undefined) return false;
  if (Date.now() < expiresAtMs) return true;
  sessions.delete(id);
  return false;
}

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

function headersOf({ headers }: IncomingMessage): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'cookie') continue;
    kept.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return kept;
}

async function readBody(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) throw new Error('the body is too large');
  }
  return text;
}

async function send(res: ServerResponse, response: Response): Promise<void> {
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  res.writeHead(response.status, {
    'cache-control': 'no-store',
    ...headers,
    'set-cookie': response.headers.getSetCookie(),
  });
  res.end(Buffer.from(await response.arrayBuffer()));
}
