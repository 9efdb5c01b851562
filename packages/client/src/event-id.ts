/**
 * A new event's id: a UUIDv7, whose millisecond is the event's time, which the server keeps.
 * Mint it once, store it with the event, and send the event with it as often as needed: it is recorded once.
 *
 * `atMs`: when the event happened, in epoch milliseconds.
 */
export function newEventId(atMs: number = Date.now()): string {
  if (!Number.isInteger(atMs) || atMs < 0 || atMs >= 2 ** 48) {
    throw new RangeError(`atMs: ${atMs} is not a whole number of milliseconds that a UUIDv7 can hold`);
  }
  const time = atMs.toString(16).padStart(12, '0');
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), twoDigits).join('');
  // The two bits of the variant, 10, and two random ones.
  const variant = (0b1000 | (parseInt(random.slice(3, 4), 16) & 0b0011)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
