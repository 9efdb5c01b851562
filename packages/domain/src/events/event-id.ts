// An event's id is a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, version 7, 74 bits that tell events of one
// millisecond apart. The embedded millisecond is the event's time, so id and time are one truth.
import { hash } from 'node:crypto';

/** 2000-01-01T00:00:00Z. */
export const earliestEventMs = 946_684_800_000;
/** The last millisecond of the year 2100, UTC. */
export const latestEventMs = 4_133_980_799_999;

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const maxUuidV7Ms = 0xffff_ffff_ffff;

/** A UUID text from 32 hexadecimal digits. */
function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** 32 digits with the version's nibble and the variant's two bits set. */
function versioned(hex: string, version: '7' | '8'): string {
  const variant = ((parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return dashed(hex.slice(0, 12) + version + hex.slice(13, 16) + variant + hex.slice(17));
}

function uuidV7(atMs: number, tail: string): string {
  if (!Number.isInteger(atMs) || atMs < 0 || atMs > maxUuidV7Ms) {
    throw new RangeError(`atMs: ${atMs} is not a millisecond that a UUIDv7 can hold`);
  }
  return versioned(atMs.toString(16).padStart(12, '0') + tail, '7');
}

/**
 * A new event's id.
 *
 * `randomBytes`: at least 10 fresh random bytes. Throws RangeError for fewer, and for a time that does not fit 48 bits.
 */
export function newEventId(atMs: number, randomBytes: Uint8Array): string {
  if (randomBytes.length < 10) throw new RangeError(`randomBytes: ${randomBytes.length} bytes, 10 are needed`);
  return uuidV7(atMs, Buffer.from(randomBytes.subarray(0, 10)).toString('hex'));
}

/** The id of an event known by its time and its key in the sender's system: the same input gives the same id, always. */
export function eventIdFor(occurredAtMs: number, sourceId: string): string {
  return uuidV7(occurredAtMs, hash('sha256', sourceId, 'hex').slice(0, 20));
}

/** Whether the text is a UUID of version 7, in either case. */
export function isUuidV7(text: string): boolean {
  return uuidV7Pattern.test(text);
}

/** The time inside a UUIDv7, in epoch milliseconds; of another text it is meaningless. */
export function eventTimeMs(eventId: string): number {
  return parseInt(eventId.slice(0, 8), 16) * 0x1_0000 + parseInt(eventId.slice(9, 13), 16);
}

/** Whether a time may be an event's: years 2000 to 2100, UTC. */
export function isEventTime(atMs: number): boolean {
  return atMs >= earliestEventMs && atMs <= latestEventMs;
}

/** A UUID (version 8) that stands for `text` within `namespace`: the same input gives the same id, always. */
export function deterministicUuid(namespace: string, text: string): string {
  // The length keeps ('a', 'b:c') apart from ('a:b', 'c').
  return versioned(hash('sha256', `${namespace.length}:${namespace}:${text}`, 'hex').slice(0, 32), '8');
}
