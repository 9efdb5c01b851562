// Answers of dashboards, each with the version of all it depends on. A write moves the learner's watermark, and an answer of
// another version is none; nothing is ever invalidated.
import { DomainError } from '@studyin/domain/errors';
import { LRUCache } from 'lru-cache';
import { bytesToSend, keepText } from './kept-text.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

/** What an answer depends on that is made of the learner's rows alone: these, and the day it is for them. */
export type OwnVersion = { readonly watermark: number; readonly studyDay: string };

/** What any answer about a learner depends on: also the curriculum, and their peers. */
export type AnswerVersion = OwnVersion & {
  readonly curriculumVersion: number;
  /** The last night of which the distributions of peers are. */
  readonly peersNight: string | null;
};

export type Question = {
  readonly procedure: string;
  readonly userId: string;
  /** The validated input: its keys are in the order of its schema, whatever the caller's was. */
  readonly input: unknown;
  /** Made of the learner's rows alone: it says nothing of the curriculum and nothing of peers. */
  readonly isOwn?: boolean;
  /** Searched for by the pool, not on one connection: `find` must wait for the version before it reads. */
  readonly isByPool?: boolean;
};

/** Finds an answer by what reads in order; the rows it asks for at once are sent together with the look at the version. */
export type Find<Reads, Answer> = (reads: Reads, version: Promise<OwnVersion>) => Promise<Answer>;

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
  /** Asked instead with a search for what is the learner's own; by default `findVersion`. */
  readonly findOwnVersion?: (reads: Reads, userId: string) => Promise<OwnVersion | null>;
  /** As `findVersion`, before an answer that may be kept, perhaps together with others who ask; by default it is asked alone. */
  readonly lookForVersion?: (userId: string) => Promise<AnswerVersion | null>;
  readonly onAnswer?: (from: AnswerSource) => void;
};

type Kept = { readonly version: string; readonly answer: object };
/**
 * Emptied when the search ends. A Map that grows and shrinks moves from table to table; each outgrown one points to the next and
 * keeps what was in it. Once one of them is old, what it reaches survives every collection but the full ones.
 */
type Place = {
  /** Null until it is known. */
  version: string | null;
  answer: Promise<object> | null;
};

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
  /** To a question that is not new: what is kept or being found under the learner's version, else what a search finds. */
  const answerAgain = async (key: string, question: Question, begin: () => Promise<object>): Promise<object> => {
    const version = textOfVersion(ofLearner(await lookForVersion(question.userId)), question);
    for (let seen: Place | undefined; ;) {
      const kept = stored?.get(key);
      if (kept?.version === version) {
        onAnswer('cache');
        return kept.answer;
      }
      const running = searches.get(key);
      // Nothing is awaited between this look and the search, so that of many callers one begins it.
      if (running === undefined || running === seen) return begin();
      if (running.answer !== null && (running.version ?? version) === version) {
        const answer = await running.answer;
        if (running.version === version) {
          onAnswer('shared');
          return answer;
        }
      }
      seen = running;
    }
  };
  return {
    answer: <Answer extends object>(question: Question, find: Find<Reads, Answer>) => {
      const key = keyOf(question);
      const begin = (): Promise<object> => search(key, question, find);
      const isNew = stored?.has(key) !== true && !searches.has(key);
      const found = isNew ? begin() : answerAgain(key, question, begin);
      return found as Promise<Answer>; // as: the procedure is part of the key, and it answers this type
    },
  };
}

/** Searches for an answer and its version together; others find the search while it runs, and the answer after it. */
function createSearcher<Reads>(
  options: AnswerCacheOptions<Reads>,
  { stored, searches }: Memory,
): (key: string, question: Question, find: Find<Reads, object>) => Promise<object> {
  const { reads, inOrder, findVersion, findOwnVersion = findVersion, onAnswer = () => undefined } = options;
  return (key, question, find) => {
    const { userId, isByPool = false, isOwn = false } = question;
    const look = isOwn ? findOwnVersion : findVersion;
    const own: Place = { version: null, answer: null };
    const searchBy = async (by: Reads): Promise<object> => {
      // Asked for before the rows: a write in between makes the answer newer than its version, never older.
      const asked = look(by, userId).then(ofLearner);
      const finding = find(by, asked);
      const ended = finding.then(ignore, ignore);
      try {
        own.version = textOfVersion(await asked, question);
      } finally {
        if (own.version === null) await ended; // what reads now has to be given back
      }
      const answer = keepText(await finding);
      onAnswer('tables');
      // A search that began later may have ended before: what it found is not replaced by this.
      if (searches.get(key) === own) stored?.set(key, { version: own.version, answer });
      return answer;
    };
    const answer = isByPool ? searchBy(reads) : inOrder(searchBy);
    own.answer = answer;
    searches.set(key, own);
    const end = (): void => {
      own.answer = null;
      if (searches.get(key) === own) searches.delete(key);
    };
    answer.then(end, end);
    return answer;
  };
}

const ignore = (): void => undefined;

function ofLearner<Version extends OwnVersion>(version: Version | null): Version {
  if (version === null) throw new DomainError('not_found', 'there is no such learner');
  return version;
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
  return `${procedure}|${userId}|${JSON.stringify(input)}`;
}

function textOfVersion(version: OwnVersion | AnswerVersion, { isOwn = false }: Question): string {
  const own = `${version.watermark}|${version.studyDay}`;
  if (isOwn) return own;
  if (!('curriculumVersion' in version)) throw new Error('what all learners share was not looked at');
  return `${own}|${version.curriculumVersion}|${version.peersNight}`;
}
