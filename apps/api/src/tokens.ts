import { hash } from 'node:crypto';
import { DomainError } from '@studyin/domain/errors';
import { createNameSearch } from '@studyin/domain/events';
import type { NameSearch } from '@studyin/domain/events';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { TokenSettings } from './config.ts';

export const roles = ['learner', 'instructor', 'admin', 'service'] as const;
export type Role = (typeof roles)[number];

/** Who calls, as their token says. */
export type Viewer = {
  readonly userId: string;
  readonly role: Role;
  /** Finds what the token says they are called; absent where it does not, and for services. Kept as long as the token is, in memory. */
  readonly names?: NameSearch;
};

/** Throws `unauthenticated` for any token that must not be believed, `unavailable` while the issuer's keys cannot be had. */
export type TokenVerifier = (token: string) => Promise<Viewer>;

const LONGEST_LIFE_SECONDS = 3600;
const TOLERANCE_SECONDS = 30;
const CACHED_TOKENS = 10_000;
// Short, so that a rotated-out public key stops counting soon.
const CACHED_MS = 60_000;

const claims = z.object({
  sub: z.guid().toLowerCase(),
  role: z.enum(roles),
  iat: z.number(),
  exp: z.number(),
});

const nameClaim = z.string().min(1).nullable().default(null).catch(null);
/** What OpenID Connect calls a person. None is required, and one of another form is none. */
const nameClaims = z.object({
  name: nameClaim,
  given_name: nameClaim,
  middle_name: nameClaim,
  family_name: nameClaim,
  nickname: nameClaim,
  preferred_username: nameClaim,
  email: nameClaim,
});

type KnownToken = { readonly viewer: Viewer; readonly expiresAtMs: number };

/** Verifies by the algorithms of the configured key alone; what a token's header says of keys is never looked at. */
export function createTokenVerifier(settings: TokenSettings, now: () => number = Date.now): TokenVerifier {
  const verify = createSignatureCheck(settings, now);
  const known = new LRUCache<string, KnownToken>({ max: CACHED_TOKENS, ttl: CACHED_MS, perf: { now } });
  return async (token) => {
    const digest = hash('sha256', token, 'base64');
    const cached = known.get(digest);
    if (cached !== undefined && now() < cached.expiresAtMs) return cached.viewer;
    const found = toKnownToken((await verify(token)).payload, now());
    known.set(digest, found);
    return found.viewer;
  };
}

function createSignatureCheck({ key, issuer, audience }: TokenSettings, now: () => number) {
  const options = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    issuer,
    audience,
    clockTolerance: TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'iat', 'sub', 'aud', 'iss'],
    currentDate: new Date(now()),
  });
  const check = createCheck(key, options);
  return async (token: string): Promise<JWTVerifyResult> => {
    try {
      return await check(token);
    } catch (error) {
      throw toDomainError(error, key.kind);
    }
  };
}

function createCheck(key: TokenSettings['key'], options: (algorithms: string[]) => JWTVerifyOptions) {
  if (key.kind === 'secret') {
    const secret = new TextEncoder().encode(key.secret);
    return (token: string): Promise<JWTVerifyResult> => jwtVerify(token, secret, options(['HS256']));
  }
  const publicKeys = createRemoteJWKSet(new URL(key.url));
  return (token: string): Promise<JWTVerifyResult> => jwtVerify(token, publicKeys, options(['RS256', 'ES256']));
}

function toKnownToken(payload: JWTPayload, nowMs: number): KnownToken {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw new DomainError('unauthenticated', 'the token lacks a claim or has it in another form');
  const { sub, role, iat, exp } = parsed.data;
  if (exp - iat > LONGEST_LIFE_SECONDS) {
    throw new DomainError('unauthenticated', 'the token lives longer than one hour');
  }
  // jose looks at iat only together with a maximal age
  if (iat > nowMs / 1000 + TOLERANCE_SECONDS) throw new DomainError('unauthenticated', 'the token is of the future');
  // A service is no person: its name may be an everyday word.
  const names = role === 'service' ? null : namesIn(payload);
  return { viewer: { userId: sub, role, ...(names === null ? {} : { names }) }, expiresAtMs: exp * 1000 };
}

function namesIn(payload: JWTPayload): NameSearch | null {
  const { name, given_name, middle_name, family_name, nickname, preferred_username, email } = nameClaims.parse(payload);
  const isNamed = (text: string | null | undefined): text is string => (text ?? '') !== '';
  const parts = [given_name, middle_name, family_name].filter(isNamed);
  const handles = [preferred_username, email].map((text) => text?.split('@')[0]);
  return createNameSearch({
    names: [name, ...parts, parts.join(' '), nickname].filter(isNamed),
    handles: handles.filter(isNamed),
  });
}

// Codes of a key set that did not come or cannot be read; the generic one is what an answer other than 200 becomes.
const KEY_SET_FAULTS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

function toDomainError(error: unknown, kind: TokenSettings['key']['kind']): DomainError {
  const isTokensFault = error instanceof errors.JOSEError && !KEY_SET_FAULTS.has(error.code);
  return kind === 'secret' || isTokensFault
    ? new DomainError('unauthenticated', 'the token was not accepted', { cause: error })
    : new DomainError('unavailable', 'the keys of the token issuer cannot be had', { cause: error });
}

const BEARER = /^Bearer ([\w.~+/=-]+)$/i;

/** The token of an Authorization header, or null where there is none that could be one. */
export function bearerTokenOf(header: string | undefined): string | null {
  return BEARER.exec(header ?? '')?.[1] ?? null;
}
