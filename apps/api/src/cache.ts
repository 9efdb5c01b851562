// Answers of dashboards, each with the version of all it depends on. A write moves the learner's watermark, and an answer of
// another version is none; nothing is ever invalidated.
import { DomainError } from '@studyin/domain/errors';
import { LRUCache } from 'lru-cache';
import { bytesToSend, keepText } from './kept-text.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

/** What a learner's answers depend on: their own rows, the curriculum, the day it is for them, and their peers. */
export type AnswerVersion = {
  readonly watermark: number;
  readonly curriculumVersion: number;
  readonly studyDay: string;
  /** The last night of which the distributions of peers are. */
  readonly peersNight: string | null;
};

export type Question = {
  readonly procedure: string;
  readonly userId: string;
  /** The validated input; the order of its keys does not matter. */
  readonly input: unknown;
  /** Searched for by the pool, not on one connection: `find` must wait for the version before it reads. */
  readonly isByPool?: boolean;
};

/** Finds an answer by what reads in order; the rows it asks for at once are sent together with the look at the version. */
export type Find<Reads, Answer> = (reads: Reads, version: Promise<AnswerVersion>) => Promise<Answer>;

export type AnswerCache<Reads> = {
  /**
   * The cached answer, or what `find` finds, with the text that is sent; it is shared and must not be changed. Callers who ask the same at the same time share one search. Throws `not_found`
   * where there is no such learner, which is also how an erased one is never served.
   */
  answer<Answer extends object>(question: Question, find: Find<Reads, Answer>): Promise<Answer>;
};

/** `shared`: from the search of another caller who asked the same at the same time. */
export type AnswerSource = 'cache' | 'tables' | 'shared';

export type AnswerCacheOptions<Reads> = {
  /** 0: nothing is kept. */
  readonly maxBytes: number;
  readonly reads: Reads;
  /** Lends what reads in the order asked for: rows are never older than a version asked for before them. */
  readonly inOrder: <T>(use: (reads: Reads) => Promise<T>) => Promise<T>;
  /** Asked with each search; null where there is no such learner. */
  readonly findVersion: (reads: Reads, userId: string) => Promise<AnswerVersion | null>;
  /** The same before an answer that may be kept, perhaps together with others who ask; by default it is asked alone. */
  readonly lookForVersion?: (userId: string) => Promise<AnswerVersion | null>;
  readonly onAnswer?: (from: AnswerSource) => void;
};

type Kept = { readonly version: string; readonly answer: object };
type Search = { readonly version: Promise<string>; readonly answer: Promise<object> };
/**
 * Emptied when the search ends. A Map that grows and shrinks moves from table to table; each outgrown one points to the next and
 * keeps what was in it. Once one of them is old, what it reaches survives every collection but the full ones.
 */
type Place = { search: Search | null };

type Memory = {
  /** Null where nothing is kept. */
  readonly stored: LRUCache<string, Kept> | null;
  readonly searches: Map<string, Place>;
};

export function createAnswerCache<Reads>(options: AnswerCacheOptions<Reads>): AnswerCache<Reads> {
  const { maxBytes, reads, onAnswer = () => undefined } = options;
  const { lookForVersion = (userId: string) => options.findVersion(reads, userId) } = options;
  const memory: Memory = { stored: maxBytes === 0 ? null : createStore(maxBytes), searches: new Map() };
  const { stored, searches } = memory;
  const search = createSearcher(options, memory);
  /** For whom a question is not new: what is kept or found under this version, else a search. */
  const answerOf = async (version: string, key: string, begin: () => Promise<object>): Promise<object> => {
    for (let seen: Search | undefined; ;) {
      const kept = stored?.get(key);
      if (kept?.version === version) {
        onAnswer('cache');
        return kept.answer;
      }
      const running = searches.get(key)?.search ?? undefined;
      // Nothing is awaited between this look and the search, so that of many callers one begins it.
      if (running === undefined || running === seen) return begin();
      if ((await running.version) === version) {
        onAnswer('shared');
        return running.answer;
      }
      seen = running;
    }
  };
  return {
    answer: async <Answer extends object>(question: Question, find: Find<Reads, Answer>) => {
      const key = keyOf(question);
      const begin = (): Promise<object> => search(key, question, find);
      const isNew = stored?.has(key) !== true && !searches.has(key);
      const found = isNew
        ? begin()
        : answerOf(textOfVersion(ofLearner(await lookForVersion(question.userId))), key, begin);
      return (await found) as Answer; // as: the procedure is part of the key, and it answers this type
    },
  };
}

/** Searches for an answer and its version together; others find the search while it runs, and the answer after it. */
function createSearcher<Reads>(
  options: AnswerCacheOptions<Reads>,
  { stored, searches }: Memory,
): (key: string, question: Question, find: Find<Reads, object>) => Promise<object> {
  const { reads, inOrder, onAnswer = () => undefined } = options;
  return (key, question, find) => {
    const own: Place = { search: null };
    const version = Promise.withResolvers<string>();
    const searchBy = async (by: Reads): Promise<object> => {
      // Asked for before the rows: a write in between makes the answer newer than its version, never older.
      const asked = findKnownVersion(options, by, question);
      version.resolve(asked.then(textOfVersion));
      const [asking, found] = await Promise.allSettled([version.promise, find(by, asked)]);
      const text = valueOf(asking);
      onAnswer('tables');
      const kept = keepText(valueOf(found));
      // A search that began later may have ended before: what it found is not replaced by this.
      if (searches.get(key) === own) stored?.set(key, { version: text, answer: kept });
      return kept;
    };
    const answer = question.isByPool === true ? searchBy(reads) : inOrder(searchBy);
    own.search = { version: version.promise, answer };
    searches.set(key, own);
    const end = (): void => {
      own.search = null;
      if (searches.get(key) === own) searches.delete(key);
    };
    answer.then(end, (error: unknown) => {
      end();
      version.reject(error); // of a search that could not begin
    });
    version.promise.catch(() => undefined); // those who wait for it hear it; there need be nobody
    return answer;
  };
}

async function findKnownVersion<Reads>(
  { findVersion }: AnswerCacheOptions<Reads>,
  by: Reads,
  { userId }: Question,
): Promise<AnswerVersion> {
  return ofLearner(await findVersion(by, userId));
}

function ofLearner(version: AnswerVersion | null): AnswerVersion {
  if (version === null) throw new DomainError('not_found', 'there is no such learner');
  return version;
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function createStore(maxBytes: number): LRUCache<string, Kept> {
  return new LRUCache<string, Kept>({
    maxSize: maxBytes,
    sizeCalculation: ({ answer, version }, key) => sizeOf(bytesToSend(answer), key + version),
    ttl: FIVE_MINUTES_MS,
  });
}

// Measured, with the object that they were made of: 2.3 times the bytes for a first screen of 29 KB, 3.4 times for 500 bytes.
const TIMES_ITS_BYTES = 4;
const BYTES_AN_ENTRY = 512;

function sizeOf(bytes: number, key: string): number {
  return TIMES_ITS_BYTES * bytes + key.length + BYTES_AN_ENTRY;
}

function keyOf({ procedure, userId, input }: Question): string {
  return [procedure, userId, canonicalJson(input)].join('|');
}

function textOfVersion({ watermark, curriculumVersion, studyDay, peersNight }: AnswerVersion): string {
  return [watermark, curriculumVersion, studyDay, peersNight].join('|');
}

/** JSON with sorted keys, so that equal inputs are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
