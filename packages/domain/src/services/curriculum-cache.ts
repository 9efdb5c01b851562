// The curriculum in memory: facts have no foreign keys, so an event's topic is checked here.
import type { Reader } from '../database/index.ts';
import { getCurriculum, getCurriculumVersion } from '../stores/curriculum-store.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';

export type CurriculumCache = {
  /** The snapshot at hand; loads it the first time. */
  current(): Promise<Curriculum>;
  /** Re-reads when the database holds another version: called once when an id is missing from the snapshot. */
  refresh(): Promise<Curriculum>;
};

export function createCurriculumCache(reader: Reader): CurriculumCache {
  let snapshot: Promise<Curriculum> | null = null;
  const load = (): Promise<Curriculum> => {
    const loading = getCurriculum(reader);
    snapshot = loading;
    loading.catch(() => {
      if (snapshot === loading) snapshot = null; // a failed load is not kept
    });
    return loading;
  };
  const current = (): Promise<Curriculum> => snapshot ?? load();
  return {
    current,
    refresh: async () => {
      const known = await current();
      return (await getCurriculumVersion(reader)) === known.version ? known : load();
    },
  };
}
