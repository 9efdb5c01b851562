// Keeps personal data out of `custom` properties: keys that name it, and values that look like it. It errs towards
// refusing: a refused item says where, and a count or a flag is never mistaken for a person.
import { isIpAddress } from './client-address.ts';
import { isStorableText } from './text-rules.ts';
import type { ContentGuard, NameSearch } from './text-rules.ts';

const LONGEST_GROUP_NAME = 100;

/** A key is personal if one of its words is one of these (`userEmail`, `E-MAIL` and `user.email` have the word `email`). */
const personalWords: ReadonlySet<string> = new Set(
  `email emails mail name names firstname lastname fullname surname nickname username phone tel telephone cellphone fax
  dob birthday birthdate ssn passport mrn address addr street zip zipcode postcode ip ipv useragent ua password passwd
  passphrase pwd secret token jwt bearer cookie cookies apikey credential credentials authorization iban cvv cvc
  creditcard latitude longitude gps`.split(/\s+/),
);

/** … or if these occur in it once all that is no letter or digit is taken out (`d-o-b`, `PHONENUMBER`, `e_mail`). */
const personalParts =
  /email|phone|birthda|birthplace|birthyear|ofbirth|passw|passport|address|ipaddr|useragent|creditcard|cardnumber|socialsecurity|postalcode|zipcode|sessionid|apikey|accesstoken|(?:first|last|full|user|sur|nick|maiden|middle|family|given)names?/;

const invisible = /\p{Cf}/gu;
const isAscii = (text: string) => !/[\u0080-\uffff]/.test(text);

/** Undoes disguises by full-width letters and digits and by invisible characters. */
function plain(text: string): string {
  return isAscii(text) ? text : text.normalize('NFKC').replaceAll(invisible, '');
}

/** Whether a property of this name would hold personal data, in any case and spelling. */
export function isPersonalKey(key: string): boolean {
  const text = plain(key);
  const words = text
    .replaceAll(/(\p{Ll}|\p{Nd})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{Nd}]+/u);
  if (words.some((word) => personalWords.has(word.replace(/\d+$/, '')))) return true;
  const letters = text.toLowerCase().replaceAll(/[^\p{L}\p{Nd}]+/gu, '');
  return personalWords.has(letters) || personalParts.test(letters);
}

const uuids = /(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])/gi;
const isoTimes = /(?<!\d)\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)/g;

const looksLikeEmail = (text: string) => /[^\s@]@[^\s@]/.test(text) || /%40/.test(text);
/** A phone, card, account or insurance number: at least seven digits, apart by at most two separators. */
const looksLikeNumber = (text: string) => /\p{Nd}(?:[\s().\p{Pd}]{0,2}\p{Nd}){6}/u.test(text);
const looksLikeUserAgent = (text: string) => /\bmozilla\/\d/i.test(text);

const tokenShapes =
  /\beyJ[\w-]{8}|\bbearer\s+\S{8}|\b(?:sk|pk|rk)[-_](?:live|test|proj)?[-_]?\w{16}|\bgh[opsu]_\w{16}|\bgithub_pat_\w{16}|\bxox[abprs]-[\w-]{8}|\bAKIA[0-9A-Z]{12}|\bAIza[\w-]{16}|-----BEGIN /i;

function isRandomRun(run: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(run)) return /\d/.test(run);
  return /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
}

function looksLikeToken(text: string): boolean {
  return tokenShapes.test(text) || (text.match(/[\w+=-]{24,}/g) ?? []).some(isRandomRun);
}

const dottedQuad = /(?<!\d)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d)/;

function looksLikeIp(text: string): boolean {
  if (!/[.:]/.test(text)) return false; // as nearly all texts: no address is without one of them
  if (dottedQuad.test(text)) return true;
  // The bounds keep the work on a long word small: no IPv6 address is longer or shorter.
  const words = text.split(/[^\p{L}\p{Nd}:.]+/u).filter((word) => word.length >= 3 && word.length <= 60);
  return words.some((word) => isIpAddress(word) || isIpAddress(word.replace(/[.:]+$/, '')));
}

/** Whether the text looks like, or holds, an e-mail or IP address or a user agent: what no id and no slug of ours is. */
export function isContactText(text: string): boolean {
  if (text.length < 3) return false;
  const rest = plain(text);
  return looksLikeEmail(rest) || looksLikeIp(rest) || looksLikeUserAgent(rest);
}

/** Whether the text looks like, or holds, an e-mail address, phone or card number, token, IP address or user agent. */
export function isPersonalText(text: string): boolean {
  // The shortest of them (`a@b`, `::1`) has three characters.
  if (text.length < 3) return false;
  const rest = plain(text).replaceAll(uuids, ' ').replaceAll(isoTimes, ' ');
  return (
    looksLikeEmail(rest) ||
    looksLikeNumber(rest) ||
    looksLikeIp(rest) ||
    looksLikeToken(rest) ||
    looksLikeUserAgent(rest)
  );
}

/** Whether a text may name a cohort: 1 to 100 characters without anybody's address, number or token. */
export function isGroupName(text: string): boolean {
  return text.length >= 1 && text.length <= LONGEST_GROUP_NAME && isStorableText(text) && !isPersonalText(text);
}

/**
 * Whether a number looks like a phone or card number: a whole one from 2,000,000,000 on.
 *
 * Unix seconds lie below it and area codes of North America begin with 2; Unix milliseconds are let through (they are
 * refused as too large, not as personal).
 */
function isPersonalNumber(value: number): boolean {
  const isUnixMs = value >= 1e12 && value < 2e12;
  return Number.isSafeInteger(value) && value >= 2_000_000_000 && !isUnixMs;
}

/** What only the caller's own data can tell of. */
export type OwnData = {
  /** Wire ids (session, learner) that must not be stored through a property. */
  readonly ids: readonly string[];
  /** Null where the caller's names are not known. */
  readonly names: NameSearch | null;
};

/** The guard of a custom item's properties. */
export function createPiiGuard({ ids, names }: OwnData): ContentGuard {
  const holdsOwnId = createIdSearch(ids);
  return {
    isPersonalKey: (key) =>
      isPersonalKey(key) || holdsOwnId(key) || isPersonalText(key) || names?.isInCode(key) === true,
    isPersonalText: (text) => holdsOwnId(text) || isPersonalText(text) || names?.isInText(text) === true,
    isPersonalNumber,
  };
}

/** The guard of the properties that the catalogue knows: keys are closed, numbers have their meaning, only texts can be misused. */
export function createTextGuard({ ids, names }: OwnData): ContentGuard {
  const holdsOwnId = createIdSearch(ids);
  const isPersonal = (text: string): boolean => holdsOwnId(text) || isContactText(text);
  return {
    isPersonalKey: isPersonal,
    isPersonalText: (text) => isPersonal(text) || names?.isInCode(text) === true,
    isPersonalNumber: () => false,
  };
}

function createIdSearch(ownIds: readonly string[]): (text: string) => boolean {
  const ids = ownIds.map((id) => id.toLowerCase());
  const shortest = Math.min(...ids.map((id) => id.length));
  return (text) => {
    if (text.length < shortest) return false;
    const lower = text.toLowerCase();
    return ids.some((id) => lower.includes(id));
  };
}
