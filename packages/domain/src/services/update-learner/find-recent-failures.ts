// How often learners failed of late, from as few of their answers as tell it.
import { RECENT_ATTEMPTS, RECENT_DAYS } from '../../algorithms/index.ts';
import type { RecentFailures } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listRecent } from '../../stores/gap-store.ts';
import type { RecentOfTopic, RecentRange } from '../../stores/gap-store.ts';

const MS_PER_DAY = 86_400_000;
/** Of the newest answers, for each topic that was practised: twice what counts, since topics do not take turns. */
const ANSWERS_A_TOPIC = 2 * RECENT_ATTEMPTS;

export type RecentLearner = {
  readonly userId: string;
  /** When the latest of their topics was evaluated: where the window of recent attempts ends. */
  readonly asOfMs: number;
  /** All of them, up to date. */
  readonly topics: readonly PractisedTopic[];
};

type PractisedTopic = { readonly topicId: string; readonly attempts: number; readonly lastAtMs: number | null };

/** By learner and topic; without an attempt of late there is no entry. */
export type RecentByLearner = ReadonlyMap<string, ReadonlyMap<string, RecentFailures>>;

/**
 * What `recentFailures` says of each topic. Only those who practise much have more answers of 30 days than are looked at first; of
 * these the topics are looked for once more that the first look cannot tell.
 */
export async function findRecentFailures(tx: Tx, learners: readonly RecentLearner[]): Promise<RecentByLearner> {
  const ranges = learners.map(newestRange);
  const newest = Map.groupBy(await listRecent(tx, ranges), ({ userId }) => userId);
  const further = learners.flatMap((learner, n) => furtherRange(learner, ranges[n], newest.get(learner.userId) ?? []));
  const all = further.length === 0 ? [] : await listRecent(tx, further);
  const found = new Map([...newest].map(([userId, topics]) => [userId, new Map(topics.map(failuresOf))]));
  for (const topic of all) found.get(topic.userId)?.set(...failuresOf(topic));
  return found;
}

function newestRange({ userId, asOfMs, topics }: RecentLearner): RecentRange {
  const fromMs = asOfMs - RECENT_DAYS * MS_PER_DAY;
  const practised = topics.filter(({ lastAtMs }) => lastAtMs !== null && lastAtMs >= fromMs);
  return { userId, fromMs, toMs: asOfMs, most: ANSWERS_A_TOPIC * Math.max(1, practised.length), topicIds: null };
}

/** The range of the topics that may have more answers that count than were found among the newest; none where all were found. */
function furtherRange(
  { topics }: RecentLearner,
  range: RecentRange | undefined,
  newest: readonly RecentOfTopic[],
): readonly RecentRange[] {
  if (range === undefined || newest.reduce((sum, { found }) => sum + found, 0) < (range.most ?? 0)) return [];
  const foundOf = new Map(newest.map(({ topicId, found }) => [topicId, found]));
  const topicIds = topics.flatMap(({ topicId, attempts, lastAtMs }) => {
    const enough = Math.min(attempts, RECENT_ATTEMPTS);
    const isTold = lastAtMs === null || lastAtMs < range.fromMs || (foundOf.get(topicId) ?? 0) >= enough;
    return isTold ? [] : [topicId];
  });
  return topicIds.length === 0 ? [] : [{ ...range, most: null, topicIds }];
}

function failuresOf({ topicId, attempts, wrong }: RecentOfTopic): [string, RecentFailures] {
  return [topicId, { attempts, wrong, rate: attempts === 0 ? null : wrong / attempts }];
}
