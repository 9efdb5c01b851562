import { getCompileCacheDir } from 'node:module';

export type Env = Readonly<Record<string, string>>;

/** All that a child gets to see of an environment, and the cache of compiled code that `npm start` gives its processes too. */
export function childEnv(env: Env): Env {
  const cache = getCompileCacheDir();
  return cache === undefined ? env : { NODE_COMPILE_CACHE: cache, ...env };
}
