// What staff write may name anybody, so the database holds it sealed: AES-256-GCM under a key that is derived from the subject key.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The row that a text belongs to: moved to another one it cannot be opened. */
export type Place = readonly [column: 'access_log.reason' | 'cohorts.name', ...row: readonly string[]];

const PREFIX = 'v1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ENVELOPE = /^v1\.[\w-]{38,}$/;

/** By subject key, of which a process has one: a batch may seal a reason for each of its learners. */
const derived = new Map<string, Buffer>();

function keyOf(subjectKey: string): Buffer {
  const key = derived.get(subjectKey) ?? Buffer.from(hkdfSync('sha256', subjectKey, '', 'studyin sealed text v1', 32));
  derived.set(subjectKey, key);
  return key;
}

function boundTo(place: Place): Buffer {
  return Buffer.from(place.join('\n').toLowerCase());
}

/** Seals a text as `v1.` and base64url of nonce, ciphertext and tag. The same text is never sealed the same. */
export function sealText(subjectKey: string, text: string, place: Place): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(subjectKey), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(place));
  const sealed = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return PREFIX + Buffer.concat(sealed).toString('base64url');
}

/** Opens what was sealed; a text from before there were seals is given as it is. Null where the key or the row is another one. */
export function openText(subjectKey: string, stored: string, place: Place): string | null {
  if (!ENVELOPE.test(stored)) return stored;
  const bytes = Buffer.from(stored.slice(PREFIX.length), 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(subjectKey), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
