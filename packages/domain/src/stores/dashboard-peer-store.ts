import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type PeerMetric = 'mean_mastery' | 'accuracy_30d' | 'minutes_30d' | 'topic_mastery';

export type PeerRow = {
  readonly metric: PeerMetric;
  readonly asOf: string;
  readonly learners: number;
  readonly quantiles: readonly number[];
};

export type OwnTopic = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  readonly mastery: number | null;
  /** The UTC day as of which it was evaluated. */
  readonly asOf: string | null;
};

export type OwnMetrics = {
  readonly meanMastery: number | null;
  readonly accuracy: number | null;
  /** Null where no day of the last 30 was active: such a learner is in no distribution of minutes. */
  readonly activeSeconds: number | null;
  readonly asOf: string;
};

// A week shows the first of its distributions only, so that two nights are not subtracted from each other; one that the nights
// no longer compute is not shown for more than two weeks.
const selectPeers = statement(
  'dashboard.peers',
  `select distinct on (p.metric)
    p.metric,
    p.as_of::text as "asOf",
    p.learners,
    p.quantiles
  from peer_distributions p
  where p.metric = any($1::text[])
    and p.topic_id = $2
    and p.as_of >= $3::date - 13
    and p.as_of >= (
      select date_trunc('week', max(n.as_of)::timestamp)::date
      from peer_distributions n
      where n.metric = p.metric
        and n.topic_id = p.topic_id
    )
  order by p.metric, p.as_of`,
);

const selectOwnTopic = statement(
  'dashboard.own_topic',
  `select
    t.id as "topicId",
    t.slug,
    t.name,
    m.mastery_score as mastery,
    (m.as_of at time zone 'UTC')::date::text as "asOf"
  from topics t
  left join topic_mastery m on m.user_id = $1 and m.topic_id = t.id
  where t.id = $2`,
);

const selectOwnMetrics = statement(
  'dashboard.own_metrics',
  `select
    mean_mastery as "meanMastery",
    accuracy_30d as accuracy,
    case when active_days_30d > 0 then active_seconds_30d end as "activeSeconds",
    as_of::text as "asOf"
  from user_learning_metrics
  where user_id = $1`,
);

const NO_TOPIC = '00000000-0000-0000-0000-000000000000';

/** The distributions that are shown on `today`; a metric that fewer than 20 learners have is absent. */
export function findPeers(
  reader: Reader,
  {
    metrics,
    topicId,
    today,
  }: { readonly metrics: readonly PeerMetric[]; readonly topicId: string | null; readonly today: string },
): Promise<readonly PeerRow[]> {
  return reader.query<PeerRow>(selectPeers, [metrics, topicId ?? NO_TOPIC, today]);
}

/** A topic with the learner's mastery of it; null where there is no such topic. */
export async function findOwnTopic(
  reader: Reader,
  { userId, topicId }: { readonly userId: string; readonly topicId: string },
): Promise<OwnTopic | null> {
  const [row] = await reader.query<OwnTopic>(selectOwnTopic, [userId, topicId]);
  return row ?? null;
}

export async function findOwnMetrics(reader: Reader, userId: string): Promise<OwnMetrics | null> {
  const [row] = await reader.query<OwnMetrics>(selectOwnMetrics, [userId]);
  return row ?? null;
}
