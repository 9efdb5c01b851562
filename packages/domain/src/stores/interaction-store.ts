import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

/** What a batch adds to one learner's work on one material (or chunk) in one session. */
export type InteractionDelta = {
  readonly userId: string;
  readonly sessionId: string;
  readonly materialId: string;
  readonly chunkId: string | null;
  readonly topicId: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly durationSeconds: number;
  readonly scrollDepthPercent: number;
  readonly completedAt: Date | null;
  readonly openCount: number;
  readonly highlightsCount: number;
  readonly notesCount: number;
  readonly bookmarked: boolean;
};

// Durations are summed in whole milliseconds, so that the sum does not depend on the order of arrival.
const add = statement(
  'interaction.add',
  `insert into material_interactions (user_id, session_id, material_id, chunk_id, topic_id, started_at, ended_at, duration_seconds,
    scroll_depth_percent, is_complete, completed_at, open_count, highlights_count, notes_count, bookmarked)
  select user_id, session_id, material_id, chunk_id, topic_id, started_at, ended_at, duration_seconds, scroll_depth_percent,
    completed_at is not null, completed_at, open_count, highlights_count, notes_count, bookmarked
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::float8[], $9::float8[],
    $10::timestamptz[], $11::int[], $12::int[], $13::int[], $14::boolean[])
    as d (user_id, session_id, material_id, chunk_id, topic_id, started_at, ended_at, duration_seconds, scroll_depth_percent,
      completed_at, open_count, highlights_count, notes_count, bookmarked)
  on conflict (user_id, session_id, material_id, chunk_id) do update set
    topic_id = least(material_interactions.topic_id, excluded.topic_id),
    started_at = least(material_interactions.started_at, excluded.started_at),
    ended_at = greatest(material_interactions.ended_at, excluded.ended_at),
    duration_seconds = round(((material_interactions.duration_seconds + excluded.duration_seconds) * 1000)::numeric) / 1000,
    scroll_depth_percent = greatest(material_interactions.scroll_depth_percent, excluded.scroll_depth_percent),
    is_complete = material_interactions.is_complete or excluded.is_complete,
    completed_at = least(material_interactions.completed_at, excluded.completed_at),
    open_count = material_interactions.open_count + excluded.open_count,
    highlights_count = material_interactions.highlights_count + excluded.highlights_count,
    notes_count = material_interactions.notes_count + excluded.notes_count,
    bookmarked = material_interactions.bookmarked or excluded.bookmarked`,
);

/** Adds deltas, sorted by their key; makes the rows that are new. Sent, not waited for. */
export function addToInteractions(tx: Tx, deltas: readonly InteractionDelta[]): void {
  if (deltas.length === 0) return;
  const column = <K extends keyof InteractionDelta>(key: K): InteractionDelta[K][] => deltas.map((delta) => delta[key]);
  tx.send(add, [
    column('userId'),
    column('sessionId'),
    column('materialId'),
    column('chunkId'),
    column('topicId'),
    column('startedAt'),
    column('endedAt'),
    column('durationSeconds'),
    column('scrollDepthPercent'),
    column('completedAt'),
    column('openCount'),
    column('highlightsCount'),
    column('notesCount'),
    column('bookmarked'),
  ]);
}
