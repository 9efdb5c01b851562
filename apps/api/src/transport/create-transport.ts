// Plain JSON calls without the web Request, Response and streams that the official adapter makes for each, through the function it
// calls itself. On the wire both are the same; a test sends the same calls to both.
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import type { AnyTRPCRouter, TRPCError } from '@trpc/server';
import type { Request, RequestHandler, Response } from 'express';
import { createPlainCallReader } from './plain-call.ts';
import type { PlainCall } from './plain-call.ts';
import { readBody } from './read-body.ts';
import { createInputReader } from './read-inputs.ts';
import type { InputReader } from './read-inputs.ts';
import { errorText, resultText } from './write-answer.ts';

export type TransportOptions = {
  readonly router: AnyTRPCRouter;
  readonly maxBodySize: number;
  readonly maxBatchSize: number;
  /** One for each request, however many calls it has. */
  readonly createContext: (opts: { readonly req: Request }) => object;
  readonly headersFor: (errors: readonly TRPCError[]) => Readonly<Record<string, string>>;
  readonly onError: (opts: { readonly error: TRPCError; readonly req: Request }) => void;
};

type Answer = { readonly status: number; readonly text: string; readonly error: TRPCError | null };

/** Answers plain JSON calls and passes on all others, their bodies unread. */
export function createTransport(options: TransportOptions): RequestHandler {
  const readCall = createPlainCallReader(options);
  return async (req, res, next) => {
    const call = readCall(req);
    if (call === null) return next();
    const body = call.type === 'mutation' ? await readBody(req, options.maxBodySize) : { text: call.queryInput ?? '' };
    if ('aborted' in body) return;
    const inputs = createInputReader(body, { isBatch: call.isBatch, calls: call.calls.length });
    const answers = await answerAll(options, req, { call, inputs });
    send(res, answers, { isBatch: call.isBatch, headersFor: options.headersFor });
  };
}

type Asked = { readonly call: PlainCall; readonly inputs: InputReader };

function answerAll(options: TransportOptions, req: Request, { call, inputs }: Asked): Promise<readonly Answer[]> {
  const ctx = options.createContext({ req });
  return Promise.all(
    call.calls.map(async ({ path }, batchIndex): Promise<Answer> => {
      try {
        const data: unknown = await callTRPCProcedure({
          router: options.router,
          path,
          type: call.type,
          ctx,
          batchIndex,
          signal: undefined,
          getRawInput: async () => inputs(batchIndex),
        });
        return { status: 200, text: resultText(data), error: null };
      } catch (cause) {
        const error = getTRPCErrorFromUnknown(cause);
        options.onError({ error, req });
        return answerOfError(options.router, error, { path, ctx, type: call.type });
      }
    }),
  );
}

type Failed = { readonly path: string; readonly ctx: object; readonly type: PlainCall['type'] };

function answerOfError(router: AnyTRPCRouter, error: TRPCError, { path, ctx, type }: Failed): Answer {
  // as: of a router of any shape tRPC knows the shape of its errors as any
  const shape = getTRPCErrorShape({ config: router._def._config, error, path, ctx, type, input: undefined }) as {
    readonly data: { readonly httpStatus: number };
  };
  return { status: shape.data.httpStatus, text: errorText(shape), error };
}

type SendOptions = Pick<TransportOptions, 'headersFor'> & { readonly isBatch: boolean };

function send(res: Response, answers: readonly Answer[], { isBatch, headersFor }: SendOptions): void {
  const texts = answers.map(({ text }) => text);
  const body = isBatch ? `[${texts.join(',')}]` : (texts[0] ?? '');
  const statuses = new Set(answers.map(({ status }) => status));
  const [status = 200] = statuses;
  const headers = headersFor(answers.flatMap(({ error }) => error ?? []));
  res.statusCode = statuses.size === 1 ? status : 207;
  res.setHeader('vary', 'trpc-accept, accept');
  res.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('content-length', Buffer.byteLength(body));
  res.end(body);
}
