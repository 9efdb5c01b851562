// Answers of dashboards under the version of all they depend on. A write moves the learner's watermark and so asks under
// another key; nothing is ever invalidated, old keys just age out.
import { DomainError } from '@studyin/domain/errors';
import { LRUCache } from 'lru-cache';
import { keepText, textOf } from './kept-text.ts';

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
};

export type AnswerCache = {
  /**
   * The cached answer, or what `find` finds, with the text that is sent; it is shared and must not be changed. Callers who ask the same at the same time share one search. Throws `not_found`
   * where there is no such learner, which is also how an erased one is never served.
   */
  answer<Answer extends object>(question: Question, find: (version: AnswerVersion) => Promise<Answer>): Promise<Answer>;
};

/** `shared`: from the search of another caller who asked the same at the same time. */
export type AnswerSource = 'cache' | 'tables' | 'shared';

export type AnswerCacheOptions = {
  /** 0: nothing is kept. */
  readonly maxBytes: number;
  /** Asked before each answer; null where there is no such learner. */
  readonly findVersion: (userId: string) => Promise<AnswerVersion | null>;
  readonly onAnswer?: (from: AnswerSource) => void;
};

export function createAnswerCache({
  maxBytes,
  findVersion,
  onAnswer = () => undefined,
}: AnswerCacheOptions): AnswerCache {
  const stored = maxBytes === 0 ? null : createStore(maxBytes);
  const loading = new Map<string, Promise<object>>();
  const load = async (key: string, find: () => Promise<object>): Promise<object> => {
    const found = keepText(await find());
    stored?.set(key, found);
    return found;
  };
  const search = (key: string, find: () => Promise<object>): Promise<object> => {
    const started = load(key, find).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  };
  return {
    answer: async <Answer extends object>(question: Question, find: (version: AnswerVersion) => Promise<Answer>) => {
      // Read before the rows: a write in between makes the answer newer than its key, never older.
      const version = await findVersion(question.userId);
      if (version === null) throw new DomainError('not_found', 'there is no such learner');
      const key = keyOf(question, version);
      const known = stored?.get(key);
      const running = loading.get(key);
      onAnswer(sourceOf(known, running));
      // as: the procedure is part of the key, and it answers this type
      return (known ?? (await (running ?? search(key, () => find(version))))) as Answer;
    },
  };
}

function sourceOf(known: object | undefined, running: Promise<object> | undefined): AnswerSource {
  if (known !== undefined) return 'cache';
  return running === undefined ? 'tables' : 'shared';
}

function createStore(maxBytes: number): LRUCache<string, object> {
  return new LRUCache<string, object>({
    maxSize: maxBytes,
    sizeCalculation: (answer, key) => sizeOf(textOf(answer) ?? '', key),
    ttl: FIVE_MINUTES_MS,
  });
}

// Measured, with the object that the text was made of: 2.3 times the text for a first screen of 29 KB, 3.4 times for 500 bytes.
const BYTES_A_CHARACTER = 4;
const BYTES_AN_ENTRY = 512;

function sizeOf(text: string, key: string): number {
  return BYTES_A_CHARACTER * text.length + key.length + BYTES_AN_ENTRY;
}

function keyOf({ procedure, userId, input }: Question, version: AnswerVersion): string {
  const { watermark, curriculumVersion, studyDay, peersNight } = version;
  return [procedure, userId, watermark, curriculumVersion, studyDay, peersNight, canonicalJson(input)].join('|');
}

/** JSON with sorted keys, so that equal inputs are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
