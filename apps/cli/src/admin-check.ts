import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Config } from './config.ts';

export type Admin = { readonly expiresAtMs: number };

/** Null for whatever is no valid token of the role admin. */
export type AdminCheck = (token: string) => Promise<Admin | null>;

/** Verifies as the API does: by the identity provider's public keys where they are set, else by the shared secret. */
export function createAdminCheck(
  { token: { issuer, audience }, jwksUrl }: Pick<Config, 'token' | 'jwksUrl'>,
  secret: string,
): AdminCheck {
  const options = { issuer, audience, requiredClaims: ['exp', 'iat', 'sub'], clockTolerance: 30 };
  const keys = jwksUrl === null ? null : createRemoteJWKSet(new URL(jwksUrl));
  const verify = async (token: string): Promise<JWTPayload> => {
    if (keys !== null) return (await jwtVerify(token, keys, { ...options, algorithms: ['RS256', 'ES256'] })).payload;
    return (await jwtVerify(token, new TextEncoder().encode(secret), { ...options, algorithms: ['HS256'] })).payload;
  };
  return async (token) => {
    const payload = await verify(token).catch(() => null);
    return payload?.['role'] === 'admin' && payload.exp !== undefined ? { expiresAtMs: payload.exp * 1_000 } : null;
  };
}
