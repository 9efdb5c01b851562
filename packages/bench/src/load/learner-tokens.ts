import { SignJWT } from 'jose';
import { keys } from '../stack/bench-database.ts';
import { learnerId } from './attempt-source.ts';

const LIFE_SECONDS = 3_600;

/** A token for each learner, by number; valid for an hour, the longest that the API takes. */
export function signLearnerTokens(learners: number): Promise<readonly string[]> {
  const key = new TextEncoder().encode(keys.token);
  const now = Math.floor(Date.now() / 1000);
  const sign = (learner: number): Promise<string> =>
    new SignJWT({ role: 'learner' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('studyin')
      .setAudience('studyin-analytics')
      .setSubject(learnerId(learner))
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .sign(key);
  return Promise.all(Array.from({ length: learners }, (_, learner) => sign(learner)));
}
