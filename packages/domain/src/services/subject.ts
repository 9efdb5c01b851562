import { createHmac } from 'node:crypto';

/** A learner as the access log and tombstones know them: HMAC-SHA-256 of the id under a key that is never rotated. */
export function subjectOf(key: string, userId: string): Buffer {
  return createHmac('sha256', key).update(userId.toLowerCase()).digest();
}
