import { FITTED_ANSWERS } from './fit-mastery-model.ts';

/**
 * The learners that a version learns from, by their answers: picked by a hash of their id, as many as have no more than `limit`
 * answers together. One with more than a tenth of it is passed over. The same ids and counts give the same learners.
 */
export function sampleLearners(
  answersOf: ReadonlyMap<string, number>,
  limit: number = FITTED_ANSWERS,
): readonly string[] {
  const drawn = [...answersOf]
    .filter(([, answers]) => answers <= limit / 10)
    .map(([id, answers]) => ({ id, answers, hash: hashOf(id) }))
    .sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
  const picked: string[] = [];
  let sum = 0;
  for (const { id, answers } of drawn) {
    sum += answers;
    if (sum > limit) break;
    picked.push(id);
  }
  return picked;
}

/** FNV-1a, 32 bits, with the end mix of MurmurHash3. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return (hash ^ (hash >>> 16)) >>> 0;
}
