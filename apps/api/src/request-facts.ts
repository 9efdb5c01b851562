import { randomUUID } from 'node:crypto';
import { cutIp, deviceTypeOf } from '@studyin/domain/events';
import { DomainError } from '@studyin/domain/errors';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Authentication, Origin } from './context.ts';
import { bearerTokenOf } from './tokens.ts';
import type { TokenVerifier } from './tokens.ts';

/** What is known of an HTTP request before any procedure runs. */
export type RequestFacts = {
  readonly requestId: string;
  readonly authentication: Authentication;
  /** What a trusted proxy says of the trace that the request belongs to. */
  readonly traceParent: string | null;
};

export type RequestFactsReader = {
  /** Gives the request its id, and says it in the answer. */
  readonly identify: RequestHandler;
  /** Reads and verifies the token. Never refuses: that is the procedure's to do, in its own words. */
  readonly authenticate: RequestHandler;
  of(req: Request): RequestFacts;
};

const REQUEST_ID = /^[\w-]{8,64}$/;

/** `trustsProxy`: an id and a trace that a trusted proxy gave the request are kept. */
export function createRequestFacts(
  verify: TokenVerifier,
  { trustsProxy }: { readonly trustsProxy: boolean },
): RequestFactsReader {
  const ids = new WeakMap<Request, string>();
  const authentications = new WeakMap<Request, Authentication>();
  return {
    identify: (req, res, next) => {
      const given = trustsProxy ? (req.get('x-request-id') ?? '') : '';
      const requestId = REQUEST_ID.test(given) ? given : randomUUID();
      ids.set(req, requestId);
      res.setHeader('x-request-id', requestId);
      next();
    },
    authenticate: async (req: Request, _res: Response, next: NextFunction) => {
      authentications.set(req, await authenticate(verify, req.get('authorization')));
      next();
    },
    of: (req) => ({
      requestId: ids.get(req) ?? '',
      authentication: authentications.get(req) ?? { failure: 'unauthenticated' },
      traceParent: (trustsProxy ? req.get('traceparent') : undefined) ?? null,
    }),
  };
}

async function authenticate(verify: TokenVerifier, header: string | undefined): Promise<Authentication> {
  const token = bearerTokenOf(header);
  if (token === null) return { failure: 'unauthenticated' };
  try {
    return { viewer: await verify(token) };
  } catch (error) {
    return {
      failure: error instanceof DomainError && error.code === 'unavailable' ? 'unavailable' : 'unauthenticated',
    };
  }
}

/** Where a write came from. A service is not where its learners are, so it says nothing of them. */
export function originOf(req: Request, authentication: Authentication): Origin {
  if ('viewer' in authentication && authentication.viewer.role === 'service') {
    return { clientIp: null, deviceType: null };
  }
  return { clientIp: cutIp(req.ip), deviceType: deviceTypeOf(req.get('user-agent')) };
}
