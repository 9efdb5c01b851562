import type { ServerResponse } from 'node:http';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import superjson from 'superjson';
import { ApiError, texts } from './domain-errors.ts';

/** Answers an error that no procedure saw in the form tRPC clients read, so that they too see its code. */
export function sendError(res: ServerResponse, code: TRPC_ERROR_CODE_KEY, requestId: string): void {
  const httpStatus = getHTTPStatusCodeFromError(new ApiError(code));
  const shape = { message: texts[code], code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus, requestId } };
  const body = JSON.stringify({ error: superjson.serialize(shape) });
  res.statusCode = httpStatus;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('content-length', Buffer.byteLength(body));
  res.end(body);
}
