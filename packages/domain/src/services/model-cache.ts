// Versions of the mastery model in memory. They never change, so none is read twice while it is in use.
import { eloModel } from '../algorithms/index.ts';
import type { MasteryModel } from '../algorithms/index.ts';
import type { Reader } from '../database/index.ts';
import { getModel } from '../stores/model-store.ts';

export type ModelCache = {
  /** Reads it by `reader` where it is not at hand. Throws where there is no such version. */
  get(reader: Reader, version: number): Promise<MasteryModel>;
};

// The active one, and the one before it while its learners are being moved.
const KEPT = 2;

export function createModelCache(): ModelCache {
  const kept = new Map<number, MasteryModel>();
  return {
    get: async (reader, version) => {
      if (version === eloModel.version) return eloModel;
      const known = kept.get(version);
      const model = known ?? (await getModel(reader, version));
      kept.delete(version); // used last, so forgotten last
      kept.set(version, model);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return model;
    },
  };
}
