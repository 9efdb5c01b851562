import { DomainError } from '@studyin/domain/errors';
import { SignJWT } from 'jose';
import type { Config } from './config.ts';

export const roles = ['learner', 'service', 'admin', 'instructor'] as const;
export type Role = (typeof roles)[number];

/** The API refuses tokens that live longer. */
export const LONGEST_MINUTES = 60;

export type TokenRequest = { readonly userId: string; readonly role: Role; readonly minutes?: number };
export type TokenMaker = (request: TokenRequest) => Promise<string>;

/** Signs tokens with the shared secret (HS256), for one machine and for development. */
export function createTokenMaker({ token }: Pick<Config, 'token'>, secret: string): TokenMaker {
  const key = new TextEncoder().encode(secret);
  return ({ userId, role, minutes = LONGEST_MINUTES }) => {
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES) {
      throw new DomainError('invalid', `A token lives 1 to ${LONGEST_MINUTES} minutes, not ${minutes}.`);
    }
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ role })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(token.issuer)
      .setAudience(token.audience)
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + minutes * 60)
      .sign(key);
  };
}

/** A token that is signed anew when half of its life is over: a long run outlives a single one. */
export function renewing(make: TokenMaker, request: Omit<TokenRequest, 'minutes'>): () => Promise<string> {
  let current: { readonly token: Promise<string>; readonly renewAtMs: number } | null = null;
  return () => {
    if (current === null || Date.now() > current.renewAtMs) {
      current = { token: make(request), renewAtMs: Date.now() + (LONGEST_MINUTES / 2) * 60_000 };
    }
    return current.token;
  };
}
