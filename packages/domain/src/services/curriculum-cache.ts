// The curriculum in memory: facts have no foreign keys, so an event's topic is checked here.
import type { Reader } from '../database/index.ts';
import { getCurriculum, getCurriculumVersion } from '../stores/curriculum-store.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';

export type CurriculumCache = {
  /** The snapshot at hand, at most `maxAgeMs` behind the database; loads it the first time. */
  current(): Promise<Curriculum>;
  /** Re-reads at once when the database holds another version: called when an id is missing from the snapshot. */
  refresh(): Promise<Curriculum>;
};

/** Another process's import, a changed answer key among it, is seen after `maxAgeMs` at the latest. */
export function createCurriculumCache(reader: Reader, { maxAgeMs = 5_000 } = {}): CurriculumCache {
  let snapshot: Promise<Curriculum> | null = null;
  let checkedAt = -Infinity;
  const load = (): Promise<Curriculum> => {
    const loading = getCurriculum(reader);
    snapshot = loading;
    checkedAt = performance.now();
    loading.catch(() => {
      if (snapshot === loading) snapshot = null; // a failed load is not kept
    });
    return loading;
  };
  const refresh = async (): Promise<Curriculum> => {
    if (snapshot === null) return load();
    const known = await snapshot;
    checkedAt = performance.now();
    return (await getCurriculumVersion(reader)) === known.version ? known : load();
  };
  return {
    refresh,
    current: () => (snapshot === null || performance.now() - checkedAt > maxAgeMs ? refresh() : snapshot),
  };
}
