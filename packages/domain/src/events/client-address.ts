/** The four numbers of an IPv4 address, or null for any other text. */
function octetsOf(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const isOctet = (part: string) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
  return parts.every(isOctet) ? parts.map(Number) : null;
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 tail counts as two. */
function groupsOf(text: string, mayEndInV4: boolean): readonly number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(parseInt(part, 16));
      continue;
    }
    const octets = mayEndInV4 && index === parts.length - 1 ? octetsOf(part) : null;
    if (octets === null) return null;
    const [a = 0, b = 0, c = 0, d = 0] = octets;
    groups.push(a * 256 + b, c * 256 + d);
  }
  return groups;
}

/** The eight groups of an IPv6 address, or null for any other text. */
function hextetsOf(text: string): readonly number[] | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [left = '', right] = sides;
  const head = groupsOf(left, right === undefined);
  const tail = right === undefined ? [] : groupsOf(right, true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

const isMappedV4 = (hextets: readonly number[]) => hextets[5] === 0xffff && hextets.slice(0, 5).every((h) => h === 0);

/** Of a v4-mapped v6, the longest spelling there is. */
const LONGEST_ADDRESS = 45;

/** Whether the text is one IPv4 or IPv6 address, and nothing else. */
export function isIpAddress(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && (octetsOf(text) !== null || hextetsOf(text) !== null);
}

/**
 * A client's address as it may be stored: IPv4 with its last octet zeroed, IPv6 cut to its /48, an IPv4-mapped IPv6 as
 * IPv4; null for what is no address. A zone (`%eth0`) is dropped.
 */
export function cutIp(address: string | null | undefined): string | null {
  const text = (address ?? '').split('%', 1)[0] ?? '';
  if (text.length > LONGEST_ADDRESS) return null;
  const octets = octetsOf(text);
  if (octets !== null) return `${octets.slice(0, 3).join('.')}.0`;
  const hextets = hextetsOf(text);
  if (hextets === null) return null;
  const [, , , , , , high = 0, low = 0] = hextets;
  if (isMappedV4(hextets)) return `${high >> 8}.${high & 255}.${low >> 8}.0`;
  const prefix = hextets.slice(0, 3).map((hextet) => hextet.toString(16));
  // PostgreSQL's inet reads `0:0:0::` as `::`; the spelling need not be the shortest.
  return `${prefix.join(':')}::`;
}
