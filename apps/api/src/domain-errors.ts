// What a caller may learn of an error: a code of a closed list, a constant text, and for bad input where it is. Never a value.
import { DomainError } from '@studyin/domain/errors';
import type { DomainErrorCode } from '@studyin/domain/errors';
import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { z } from 'zod';

export type ErrorDetails = {
  /** Why an item was refused, of the closed list of rejections. */
  readonly reason?: string | undefined;
  /** Where in the input, as keys joined by dots. */
  readonly path?: string | undefined;
  readonly issues?: readonly { readonly path: string; readonly code: string }[] | undefined;
  /** Where tRPC has no code of that status. */
  readonly httpStatus?: number | undefined;
  /** In place of the code's constant text; only what this product wrote about data that names nobody. */
  readonly publicText?: string | undefined;
};

/** An error whose details may be sent out. */
export class ApiError extends TRPCError {
  readonly details: ErrorDetails;
  constructor(code: TRPC_ERROR_CODE_KEY, details: ErrorDetails = {}, cause?: unknown) {
    super({ code, message: texts[code], ...(cause === undefined ? {} : { cause }) });
    this.details = details;
  }
}

const requestId = Symbol('the id of the request that failed');

/** Gives an error the id of its request, where it was met before there was a context that has it. */
export function markRequest(error: TRPCError, id: string): void {
  Object.defineProperty(error, requestId, { value: id });
}

/** The id that an error was marked with. */
export function requestIdOf(error: TRPCError): string | null {
  const id: unknown = Reflect.get(error, requestId);
  return typeof id === 'string' ? id : null;
}

/** The text of each code; nothing else is ever said. */
export const texts: Readonly<Record<TRPC_ERROR_CODE_KEY, string>> = {
  PARSE_ERROR: 'The request is not valid JSON.',
  BAD_REQUEST: 'The request is not valid.',
  UNAUTHORIZED: 'A valid token is required.',
  PAYMENT_REQUIRED: 'Payment is required.',
  FORBIDDEN: 'This role may not do that.',
  NOT_FOUND: 'Not found.',
  METHOD_NOT_SUPPORTED: 'This method is not supported here.',
  TIMEOUT: 'The request took too long.',
  CONFLICT: 'This id is stored already with other content.',
  PRECONDITION_FAILED: 'A precondition failed.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'This content type is not supported.',
  UNPROCESSABLE_CONTENT: 'The request cannot be processed.',
  PRECONDITION_REQUIRED: 'A precondition is required.',
  TOO_MANY_REQUESTS: 'Too many requests; try again later.',
  CLIENT_CLOSED_REQUEST: 'The client closed the request.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on our side.',
  NOT_IMPLEMENTED: 'Not implemented.',
  BAD_GATEWAY: 'Something went wrong on our side.',
  SERVICE_UNAVAILABLE: 'The service is not available at the moment; try again.',
  GATEWAY_TIMEOUT: 'The service did not answer in time; try again.',
};

const GONE = 410;

/** Each domain code as the one tRPC code that stands for it. */
export function trpcCodeOf(code: DomainErrorCode): {
  readonly code: TRPC_ERROR_CODE_KEY;
  readonly httpStatus?: number;
} {
  switch (code) {
    case 'invalid':
      return { code: 'BAD_REQUEST' };
    case 'not_found':
      return { code: 'NOT_FOUND' };
    case 'forbidden':
      return { code: 'FORBIDDEN' };
    case 'unauthenticated':
      return { code: 'UNAUTHORIZED' };
    case 'conflict':
      return { code: 'CONFLICT' };
    case 'erased':
      return { code: 'NOT_FOUND', httpStatus: GONE };
    case 'too_large':
      return { code: 'PAYLOAD_TOO_LARGE' };
    case 'too_many_requests':
      return { code: 'TOO_MANY_REQUESTS' };
    case 'unavailable':
      return { code: 'SERVICE_UNAVAILABLE' };
    case 'misconfigured':
    case 'internal':
      return { code: 'INTERNAL_SERVER_ERROR' };
  }
}

/** Any error of a call as the one that is answered; the original stays its cause, for the log. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof DomainError) {
    const { code, httpStatus } = trpcCodeOf(error.code);
    return new ApiError(code, { httpStatus, path: error.path ?? undefined }, error);
  }
  if (!(error instanceof TRPCError)) return new ApiError('INTERNAL_SERVER_ERROR', {}, error);
  // tRPC wraps what a procedure throws; a DomainError inside decides.
  if (error.cause instanceof DomainError) return toApiError(error.cause);
  const isInputFault = error.code === 'BAD_REQUEST' && error.cause instanceof z.core.$ZodError;
  return new ApiError(error.code, isInputFault ? { issues: issuesOf(error.cause) } : {}, error.cause);
}

const MAX_ISSUES = 20;

function issuesOf({ issues }: z.core.$ZodError): NonNullable<ErrorDetails['issues']> {
  return issues
    .flatMap((issue) =>
      (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]).map(
        (keys) => ({ path: pathOf(keys), code: issue.code }),
      ),
    )
    .slice(0, MAX_ISSUES);
}

/** Keys joined by dots. A key may itself be data that somebody mistook for one, so a long or unusual one is not repeated. */
function pathOf(keys: readonly PropertyKey[]): string {
  return keys.map((key) => (/^[\w-]{1,64}$/.test(String(key)) ? String(key) : '?')).join('.');
}
