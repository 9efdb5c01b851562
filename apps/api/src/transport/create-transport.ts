// Plain JSON calls without the web Request, Response and streams that the official adapter makes for each, and without a router,
// through the function that the adapter calls itself. On the wire both are the same; a test sends the same calls to both.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeError } from '@studyin/telemetry/log';
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import type { CallParts } from '../call-parts.ts';
import type { Context, Services } from '../context.ts';
import type { CallCount, CallLimit } from '../limit-calls.ts';
import type { RequestReader } from '../request-facts.ts';
import { sendError } from '../send-error.ts';
import { createPlainCallReader } from './plain-call.ts';
import type { PlainCall } from './plain-call.ts';
import { readBody } from './read-body.ts';
import { createInputReader } from './read-inputs.ts';
import { securityHeaders } from './security-headers.ts';
import { errorText, resultText } from './write-answer.ts';

export type TransportParts = {
  readonly services: Services;
  readonly calls: CallParts;
  readonly reader: RequestReader;
  readonly limits: CallLimit;
  /** Whether clients are asked to leave their connections. */
  readonly isDraining: () => boolean;
};

/** Answers a plain JSON call; false for every other request, of which nothing has been touched then. */
export type Transport = (req: IncomingMessage, res: ServerResponse) => boolean;

type Answer = { readonly status: number; readonly text: string | Buffer; readonly error: TRPCError | null };

export function createTransport(parts: TransportParts): Transport {
  const readCall = createPlainCallReader(parts.calls);
  const { log } = parts.services;
  return (req, res) => {
    const call = readCall(req);
    if (call === null) return false;
    const requestId = parts.reader.idOf(req);
    answerCall(parts, { req, res, call, requestId }).catch((error: unknown) => {
      log.error({ event: 'api.request_failed', requestId, error: describeError(error) });
      if (res.headersSent) res.destroy();
      else refuse(parts, { res, requestId, code: 'INTERNAL_SERVER_ERROR' });
    });
    return true;
  };
}

type Asked = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly call: PlainCall;
  readonly requestId: string;
};

async function answerCall(parts: TransportParts, { req, res, call, requestId }: Asked): Promise<void> {
  const { calls, limits, services } = parts;
  const facts = await parts.reader.factsOf(req, requestId);
  const { isRefused, headers } = await limits.count(facts, call.calls.length);
  if (isRefused) return refuse(parts, { res, requestId, code: 'TOO_MANY_REQUESTS', headers });
  const body = call.type === 'mutation' ? await readBody(req, calls.maxBodySize) : { text: call.queryInput ?? '' };
  if ('aborted' in body) return;
  const inputOf = createInputReader(body, { isBatch: call.isBatch, calls: call.calls.length });
  const ctx = { services, request: facts };
  const answerAt = (place: number, path: string): Promise<Answer> =>
    answerOne(calls, { path, type: call.type, ctx, batchIndex: place, getRawInput: async () => inputOf(place) });
  const answers = await Promise.all(call.calls.map(({ path }, place) => answerAt(place, path)));
  const errors = answers.flatMap(({ error }) => error ?? []);
  const told = ['x-request-id', requestId, ...headers.flat(), ...Object.entries(calls.headersFor(errors)).flat()];
  if (parts.isDraining()) told.push('connection', 'close');
  send(res, call.isBatch ? joined(answers) : onlyOf(answers), told);
}

type Refused = Pick<Asked, 'res' | 'requestId'> & {
  readonly code: TRPC_ERROR_CODE_KEY;
  readonly headers?: CallCount['headers'];
};

/** Answers an error that no procedure saw, with the headers of every answer. */
function refuse({ isDraining }: TransportParts, { res, requestId, code, headers = [] }: Refused): void {
  for (const [name, value] of [...securityHeaders, ...headers]) res.setHeader(name, value);
  res.setHeader('x-request-id', requestId);
  if (isDraining()) res.setHeader('connection', 'close');
  sendError(res, code, requestId);
}

function joined(answers: readonly Answer[]): Pick<Answer, 'status' | 'text'> {
  const statuses = new Set(answers.map(({ status }) => status));
  const [status = 200] = statuses;
  return { status: statuses.size === 1 ? status : 207, text: `[${answers.map(({ text }) => String(text)).join(',')}]` };
}

function onlyOf([answer]: readonly Answer[]): Answer {
  if (answer === undefined) throw new Error('a call was left without an answer');
  return answer;
}

type Call = Omit<Parameters<typeof callTRPCProcedure>[0], 'router' | 'signal' | 'ctx'> & { readonly ctx: Context };

async function answerOne({ router, onError }: CallParts, call: Call): Promise<Answer> {
  try {
    const data: unknown = await callTRPCProcedure({ ...call, router, signal: undefined });
    return { status: 200, text: resultText(data), error: null };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    const { path, type, ctx } = call;
    onError(error, ctx.request.requestId);
    const shape = getTRPCErrorShape({ config: router._def._config, error, path, ctx, type, input: undefined });
    return { status: shape.data.httpStatus, text: errorText(shape), error };
  }
}

// Names and values in one list, which node sends as it is; by `setHeader` each would be checked and kept by itself.
const always = [...securityHeaders.flat(), 'vary', 'trpc-accept, accept', 'content-type', 'application/json'];

function send(
  res: ServerResponse,
  { status, text }: Pick<Answer, 'status' | 'text'>,
  headers: readonly string[],
): void {
  res.writeHead(status, [...always, ...headers, 'content-length', String(Buffer.byteLength(text))]);
  res.end(text);
}
