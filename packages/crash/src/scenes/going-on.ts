import type { SceneContext } from '../scene.ts';
import { logins } from '../stack/cluster.ts';
import { until } from '../until.ts';

const AT_MOST_MS = 60_000;

/** Waits until an API has acknowledged so many further calls. */
export async function untilAcknowledged(
  { load, cluster, signal }: Pick<SceneContext, 'load' | 'cluster' | 'signal'>,
  api: number,
  calls: number,
): Promise<void> {
  const before = load.acknowledgedBy(api);
  const what = `${cluster.apis[api]?.name ?? 'an API'} to acknowledge calls`;
  await until(() => load.acknowledgedBy(api) >= before + calls, { what, withinMs: AT_MOST_MS, everyMs: 10, signal });
}

/** Seconds until both APIs have acknowledged a call. */
export async function secondsUntilBothAcknowledge(context: SceneContext): Promise<number> {
  const startedMs = performance.now();
  await Promise.all(context.cluster.apis.map((_, api) => untilAcknowledged(context, api, 1)));
  return (performance.now() - startedMs) / 1000;
}

/** Waits until every process has a session again, the workers too, which answer nobody. */
export async function untilAllConnected({ watch, signal }: Pick<SceneContext, 'watch' | 'signal'>): Promise<void> {
  const areAll = async (): Promise<boolean> => {
    const connected = await watch.listConnected(logins);
    const absent = logins.filter((login) => !connected.includes(login));
    if (absent.length > 0) throw new Error(`without a session: ${absent.join(', ')}`);
    return true;
  };
  await until(areAll, { what: 'every process to be connected', withinMs: AT_MOST_MS, signal });
}

/** The member whose turn it is. */
export function inTurn<T>(members: readonly T[], turn: number): { readonly member: T; readonly place: number } {
  const place = turn % members.length;
  const member = members[place];
  if (member === undefined) throw new RangeError('there is nobody');
  return { member, place };
}
