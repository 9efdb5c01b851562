// Finds the caller's own name in a text. What they are called is known from their token alone, and nothing of it is kept.
import type { NameSearch } from './text-rules.ts';

/** What a token may say of a person's name. */
export type NameClaims = {
  /** As people say it: `Josephine Canarybird`, `Josephine`, `Josie`. */
  readonly names: readonly string[];
  /** As systems write it: a user name, the part of an e-mail address before its `@`. */
  readonly handles: readonly string[];
};

const LONGEST_NAME = 200;
/** Of a name in words. A shorter one is an initial or a syllable. */
const SHORTEST_PART = 3;
/** `Li Wu`; two initials are no name. */
const SHORTEST_WHOLE = 4;
/** Run together, a name of so many letters is in no code by chance. */
const LONG_NAME = 8;

/** Words of names and titles that name nobody. */
const particles: ReadonlySet<string> = new Set(
  `abu and bin binti bint das del dela della den der des dit dos ibn las les los msc mba phd prof professor doctor miss
  mister mrs sir the van von und zum zur`.split(/\s+/),
);

const isAscii = (text: string) => !/[\u0080-\uffff]/.test(text);
const notInWords = /[^\p{L}\p{N}]+/gu;
const marks = /[\p{M}\p{Cf}]/gu;
/** Scripts in which a name has no gap before the next word, or carries its particles. */
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** Letters that Unicode does not take apart. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
};

/** The text in lower case, without accents, invisible characters and full-width letters. */
function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').toLowerCase().replaceAll(marks, '');
  return bare.replaceAll(/[ßøłđðþæœıς]/g, (letter) => plainLetters[letter] ?? letter).normalize('NFC');
}

const wordsOf = (text: string): readonly string[] =>
  fold(text)
    .split(notInWords)
    .filter((word) => word !== '');
const joined = (words: readonly string[]): string => words.join('');
const runTogether = (text: string): string => fold(text).replaceAll(notInWords, '');

/** A name as it is written: as it is, the first and the last word, and the last word first. */
function ordersOf(name: string): readonly (readonly string[])[] {
  const words = wordsOf(name.slice(0, LONGEST_NAME));
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (words.length === 1) return [words];
  return [words, [first, last], [last, first], [last, ...words.slice(0, -1)]];
}

/**
 * Prepares the search for a caller's names, once for many texts; null where there is nothing to look for. Case, accents, full-width
 * letters and what stands between the words make no difference.
 *
 * A free text may hold no part of a name of three letters or more as a word. A code, such as an answer's key, is made by those who
 * build courses and forms, and may be a word that is also a part of somebody's name (`graves`, `max`): it may not hold the
 * whole name, nor the user name.
 */
export function createNameSearch({ names, handles }: NameClaims): NameSearch | null {
  const spoken = names.flatMap(ordersOf);
  const written = handles.flatMap(ordersOf);
  const parts = new Set([...spoken, ...written].flat().filter(isTellingPart));
  const wholes = spoken.filter(isWhole).map(joined);
  const anywhere = [...new Set([...wholes, ...written.map(joined)].filter(isFoundAnywhere))];
  const exact = new Set(wholes.filter(({ length }) => length >= SHORTEST_WHOLE));
  const lengths = [...parts, ...anywhere, ...exact].map(({ length }) => length);
  if (lengths.length === 0) return null;
  // A full-width letter or a ligature may become more letters, but only of a text that is not ASCII.
  const isTooShort = (text: string, shortest: number): boolean => text.length < shortest && isAscii(text);
  const shortest = Math.min(...lengths);
  const shortestWhole = Math.min(...[...anywhere, ...exact].map(({ length }) => length));
  const holdsWhole = (text: string): boolean => anywhere.some((name) => text.includes(name));
  return {
    isInText: (text) =>
      !isTooShort(text, shortest) && (wordsOf(text).some((word) => parts.has(word)) || holdsWhole(runTogether(text))),
    isInCode: (code) => {
      if (isTooShort(code, shortestWhole)) return false;
      const text = runTogether(code);
      return exact.has(text) || holdsWhole(text);
    },
  };
}

/** One word of a name alone is a part of it, but in scripts that write names as one. */
function isWhole(words: readonly string[]): boolean {
  return words.length > 1 || words.some((word) => unspaced.test(word));
}

function isTellingPart(word: string): boolean {
  return word.replaceAll(/\p{N}/gu, '').length >= SHORTEST_PART && !particles.has(word);
}

function isFoundAnywhere(name: string): boolean {
  return name.length >= LONG_NAME || (name.length >= 2 && unspaced.test(name));
}
