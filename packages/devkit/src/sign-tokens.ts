import { SignJWT } from 'jose';

const LIFE_SECONDS = 3_600;

export type TokenOptions = { readonly secret: string; readonly role: 'learner' | 'service' };

/** A token for each user, in their order; valid for an hour, the longest that the API takes. */
export function signTokens(userIds: readonly string[], { secret, role }: TokenOptions): Promise<readonly string[]> {
  const key = new TextEncoder().encode(secret);
  const now = Math.floor(Date.now() / 1000);
  const sign = (userId: string): Promise<string> =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('studyin')
      .setAudience('studyin-analytics')
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .sign(key);
  return Promise.all(userIds.map(sign));
}
