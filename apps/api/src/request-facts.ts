// What is known of an HTTP request before any procedure runs, and before its body is read.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '@studyin/domain/errors';
import { cutIp, deviceTypeOf } from '@studyin/domain/events';
import proxyAddress from 'proxy-addr';
import { bearerTokenOf } from './tokens.ts';
import type { TokenVerifier, Viewer } from './tokens.ts';

/** What the request's token came to. `unavailable`: the issuer's keys could not be had, so nobody knows. */
export type Authentication = { readonly viewer: Viewer } | { readonly failure: 'unauthenticated' | 'unavailable' };

/** Where a write came from, reduced to what may be stored. */
export type Origin = { readonly clientIp: string | null; readonly deviceType: string | null };

export type RequestFacts = {
  readonly requestId: string;
  readonly authentication: Authentication;
  /** The client's, as far as the proxies are trusted to tell it; never stored. */
  readonly address: string;
  readonly origin: Origin;
  /** The header `x-access-reason`, unchecked. */
  readonly accessReason: string | null;
  /** The header `traceparent`, where a trusted proxy gave one. */
  readonly traceParent: string | null;
};

export type RequestReader = {
  /** The id that a trusted proxy gave the request, or a new one. */
  idOf(req: IncomingMessage): string;
  /** Verifies the token. Never refuses: that is the procedure's to do, in its own words. */
  factsOf(req: IncomingMessage, requestId: string): Promise<RequestFacts>;
};

const REQUEST_ID = /^[\w-]{8,64}$/;

/** `trustedProxies`: how many are believed what they say of the client's address, of the request's id and of its trace. */
export function createRequestReader(
  verify: TokenVerifier,
  { trustedProxies }: { readonly trustedProxies: number },
): RequestReader {
  const trusts = trustedProxies > 0;
  const addressOf = trusts
    ? (req: IncomingMessage) => proxyAddress(req, (_address, hop) => hop < trustedProxies)
    : (req: IncomingMessage) => req.socket.remoteAddress ?? '';
  return {
    idOf: ({ headers }) => {
      const given = trusts ? headers['x-request-id'] : undefined;
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    factsOf: async (req, requestId) => {
      const { headers } = req;
      const address = addressOf(req);
      const authentication = await authenticate(verify, headers.authorization);
      return {
        requestId,
        authentication,
        address,
        origin: isService(authentication)
          ? ofNobody
          : { clientIp: cutIp(address), deviceType: deviceTypeOf(headers['user-agent']) },
        accessReason: oneOf(headers['x-access-reason']),
        traceParent: trusts ? oneOf(headers['traceparent']) : null,
      };
    },
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

/** A service is not where its learners are, so it says nothing of them. */
const ofNobody: Origin = { clientIp: null, deviceType: null };

function isService(authentication: Authentication): boolean {
  return 'viewer' in authentication && authentication.viewer.role === 'service';
}

/** The value of a header that may have been sent more than once. */
function oneOf(header: string | readonly string[] | undefined): string | null {
  return (typeof header === 'string' ? header : header?.[0]) ?? null;
}
