import { createHmac, type KeyObject } from 'node:crypto';

/**
 * The form in which a session id is stored, shown and exported: the first 16 bytes of
 * HMAC-SHA-256(key, user id ‖ session id) as UUID text.
 *
 * Both ids are read in lower case, so their spelling on the wire does not matter. The same session id of two learners
 * gives two stored ids.
 */
export function storedSessionId(key: KeyObject | Uint8Array | string, userId: string, sessionId: string): string {
  // Both are 36 characters, so the concatenation has one reading.
  const hex = createHmac('sha256', key)
    .update(userId.toLowerCase() + sessionId.toLowerCase())
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
