import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';

export type MaterialRow = {
  readonly materialId: string;
  readonly topicId: string | null;
  readonly kind: string | null;
  readonly chunkCount: number;
  readonly estimatedMinutes: number | null;
  readonly startedAt: InstantText;
  readonly lastReadAt: InstantText;
  readonly seconds: number;
  /** Of the material as a whole; what is known of its chunks is counted below. */
  readonly scrollDepthPercent: number;
  readonly completedAt: InstantText | null;
  readonly chunksRead: number;
  readonly chunksCompleted: number;
  readonly revisits: number;
  readonly highlights: number;
  readonly notes: number;
  readonly isBookmarked: boolean;
};

export type MaterialPage = {
  readonly userId: string;
  readonly materialId: string | null;
  readonly topicId: string | null;
  readonly before: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

// First over the sessions of each part (a chunk, or the whole material where chunk_id is null), then over the parts.
const selectMaterials = statement(
  'dashboard.materials',
  `with parts as (
    select
      material_id,
      chunk_id,
      min(topic_id::text)::uuid as topic_id,
      min(started_at) as started_at,
      max(ended_at) as ended_at,
      sum(duration_seconds) as seconds,
      max(scroll_depth_percent) as depth,
      min(completed_at) as completed_at,
      sum(open_count) as opens,
      sum(highlights_count) as highlights,
      sum(notes_count) as notes,
      bool_or(bookmarked) as bookmarked
    from material_interactions
    where user_id = $1
      and ($2::uuid is null or material_id = $2)
    group by material_id, chunk_id
  )
  select
    p.material_id as "materialId",
    coalesce(m.topic_id, min(p.topic_id::text)::uuid) as "topicId",
    m.kind,
    coalesce(m.chunk_count, 0) as "chunkCount",
    m.estimated_minutes as "estimatedMinutes",
    min(p.started_at)::text as "startedAt",
    max(p.ended_at)::text as "lastReadAt",
    sum(p.seconds) as seconds,
    coalesce(max(p.depth) filter (where p.chunk_id is null), 0) as "scrollDepthPercent",
    (min(p.completed_at) filter (where p.chunk_id is null))::text as "completedAt",
    count(p.chunk_id)::int as "chunksRead",
    (count(p.completed_at) filter (where p.chunk_id is not null))::int as "chunksCompleted",
    greatest(sum(p.opens) - 1, 0)::int as revisits,
    sum(p.highlights)::int as highlights,
    sum(p.notes)::int as notes,
    bool_or(p.bookmarked) as "isBookmarked"
  from parts p
  left join materials m on m.id = p.material_id
  group by p.material_id, m.id
  having ($3::uuid is null or coalesce(m.topic_id, min(p.topic_id::text)::uuid) = $3)
    and ($4::timestamptz is null or (max(p.ended_at), p.material_id) < ($4, $5::uuid))
  order by max(p.ended_at) desc, p.material_id desc
  limit $6`,
);

/** One page of what a learner has read, last read first. */
export function findMaterials(
  reader: Reader,
  { userId, materialId, topicId, before, limit }: MaterialPage,
): Promise<readonly MaterialRow[]> {
  return reader.query<MaterialRow>(selectMaterials, [
    userId,
    materialId,
    topicId,
    before?.at ?? null,
    before?.id ?? null,
    limit,
  ]);
}
