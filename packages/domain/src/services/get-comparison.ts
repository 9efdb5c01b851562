import { placeAmongPeers, publishPeers } from '../algorithms/index.ts';
import type { PeerUnit } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { findOwnMetrics, findOwnTopic, findPeers } from '../stores/dashboard-peer-store.ts';
import type { PeerMetric, PeerRow } from '../stores/dashboard-peer-store.ts';

const NEEDED_LEARNERS = 20;

export type ComparedMetric = 'meanMastery' | 'accuracy30Days' | 'minutes30Days' | 'topicMastery';

export type Compared = {
  readonly metric: ComparedMetric;
  readonly unit: PeerUnit;
  /** The learner's own number, and the day as of which it was computed. */
  readonly value: number | null;
  readonly asOf: string | null;
  /** The day of the distribution: the first of its week. */
  readonly peersAsOf: string | null;
  /** Learners compared, rounded down to tens. */
  readonly learners: number | null;
  /** The 10th to the 90th percentile, rounded. */
  readonly deciles: readonly number[] | null;
  /** The learner lies between these two; null where there is nothing to compare. */
  readonly percentileFrom: number | null;
  readonly percentileTo: number | null;
  /** What is missing. How many learners there are is not said where they are too few. */
  readonly insufficient: readonly { readonly needed: 'own_value' | 'learners'; readonly need: number }[];
};

export type Comparison = {
  readonly topic: { readonly topicId: string; readonly slug: string; readonly name: string } | null;
  readonly metrics: readonly Compared[];
};

type Own = {
  readonly metric: ComparedMetric;
  readonly stored: PeerMetric;
  readonly unit: PeerUnit;
  readonly value: number | null;
  readonly asOf: string | null;
};

/**
 * Where a learner stands among all others: over everything, or in one topic. Never tells anything of a group of fewer than 20, and of
 * a larger one only rounded deciles that stand for a week. Throws `not_found` for an unknown topic or learner.
 */
export async function getComparison(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  {
    userId,
    topicId,
    today,
  }: { readonly userId: string; readonly topicId?: string | undefined; readonly today: string },
): Promise<Comparison> {
  const { reader } = database;
  if (topicId !== undefined) {
    const found = await findOwnTopic(reader, { userId, topicId });
    if (found === null) throw new DomainError('not_found', `There is no topic ${topicId}.`, { path: 'topicId' });
    const { mastery, asOf, ...topic } = found;
    if (mastery === null) await requireLearner(reader, userId);
    const own: Own = { metric: 'topicMastery', stored: 'topic_mastery', unit: 'share', value: mastery, asOf };
    return { topic, metrics: compareAll([own], await findPeers(reader, { metrics: [own.stored], topicId, today })) };
  }
  const found = await findOwnMetrics(reader, userId);
  if (found === null) await requireLearner(reader, userId);
  const { meanMastery = null, accuracy = null, activeSeconds = null, asOf = null } = found ?? {};
  const minutes = activeSeconds === null ? null : activeSeconds / 60;
  const own: readonly Own[] = [
    { metric: 'meanMastery', stored: 'mean_mastery', unit: 'share', value: meanMastery, asOf },
    { metric: 'accuracy30Days', stored: 'accuracy_30d', unit: 'share', value: accuracy, asOf },
    { metric: 'minutes30Days', stored: 'minutes_30d', unit: 'minutes', value: minutes, asOf },
  ];
  const metrics = own.map(({ stored }) => stored);
  return { topic: null, metrics: compareAll(own, await findPeers(reader, { metrics, topicId: null, today })) };
}

function compareAll(own: readonly Own[], peers: readonly PeerRow[]): readonly Compared[] {
  return own.map((mine) => compare(mine, peers.find(({ metric }) => metric === mine.stored) ?? null));
}

function compare({ metric, unit, value, asOf }: Own, peers: PeerRow | null): Compared {
  const published = peers === null ? null : publishPeers(peers, unit);
  const place = published === null || value === null ? null : placeAmongPeers(value, published);
  const insufficient: Compared['insufficient'] = [
    ...(value === null ? [{ needed: 'own_value' as const, need: 1 }] : []),
    ...(published === null ? [{ needed: 'learners' as const, need: NEEDED_LEARNERS }] : []),
  ];
  return {
    metric,
    unit,
    value: value !== null && unit === 'minutes' ? Math.round(value * 10) / 10 : value,
    asOf: value === null ? null : asOf,
    peersAsOf: peers?.asOf ?? null,
    learners: published?.learners ?? null,
    deciles: published?.deciles ?? null,
    percentileFrom: place?.percentileFrom ?? null,
    percentileTo: place?.percentileTo ?? null,
    insufficient,
  };
}
