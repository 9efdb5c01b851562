import { plainArray, statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

/** An event ready to be stored: its session in stored form, its topic resolved, its study day decided. */
export type EventRow = {
  readonly userId: string;
  readonly id: string;
  readonly receivedAt: Date;
  readonly studyDay: string;
  readonly timezone: string | null;
  readonly sessionId: string;
  readonly eventType: string;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly questionId: string | null;
  readonly topicId: string | null;
  /** The topic the caller named; null where the server resolved it. */
  readonly claimedTopicId: string | null;
  readonly properties: object;
  readonly clientIp: string | null;
  readonly deviceType: string | null;
};

// The time of an event is the millisecond in its id: one truth, computed in SQL. Exact to the millisecond for 2000–2099.
const timeOfId = `to_timestamp((('x' || encode(substring(uuid_send(e.id) from 1 for 6), 'hex'))::bit(48)::bigint) / 1000.0)`;

const insertAll = statement(
  'event.insert',
  `insert into study_events (user_id, created_at, id, received_at, study_day, timezone, session_id, event_type, material_id, chunk_id,
    question_id, topic_id, properties, client_ip, device_type)
  select e.user_id, ${timeOfId}, e.id, $3::timestamptz, e.study_day, e.timezone, e.session_id, e.event_type, e.material_id, e.chunk_id,
    e.question_id, e.topic_id, e.properties, e.client_ip, e.device_type
  from unnest($1::uuid[], $2::uuid[], $4::date[], $5::text[], $6::uuid[], $7::text[], $8::uuid[], $9::uuid[],
    $10::uuid[], $11::uuid[], $12::jsonb[], $13::inet[], $14::text[])
    as e (user_id, id, study_day, timezone, session_id, event_type, material_id, chunk_id,
      question_id, topic_id, properties, client_ip, device_type)
  order by e.user_id, e.id
  on conflict do nothing
  returning user_id as "userId", id`,
);

// A topic that the caller did not name is the server's finding, not content.
const compareAll = statement(
  'event.compare',
  `select e.position,
    s.event_type = e.event_type
      and s.session_id = e.session_id
      and s.material_id is not distinct from e.material_id
      and s.chunk_id is not distinct from e.chunk_id
      and s.question_id is not distinct from e.question_id
      and (e.claimed_topic_id is null or s.topic_id is not distinct from e.claimed_topic_id)
      and s.properties = e.properties as same
  from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::jsonb[])
    as e (position, user_id, id, session_id, event_type, material_id, chunk_id, question_id, claimed_topic_id, properties)
  join study_events s on s.user_id = e.user_id and s.created_at = ${timeOfId} and s.id = e.id`,
);

/** Inserts events, rows sorted by learner and id; answers the keys (`learner/id`) of those that were not there yet. */
export async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<ReadonlySet<string>> {
  const [first] = rows;
  if (first === undefined) return new Set();
  const plain = (
    key: 'userId' | 'id' | 'studyDay' | 'sessionId' | 'materialId' | 'chunkId' | 'questionId' | 'topicId',
  ) => plainArray(rows.map((row) => row[key]));
  const inserted = await tx.query<{ userId: string; id: string }>(insertAll, [
    plain('userId'),
    plain('id'),
    first.receivedAt, // a batch is received at once
    plain('studyDay'),
    rows.map((row) => row.timezone),
    plain('sessionId'),
    rows.map((row) => row.eventType),
    plain('materialId'),
    plain('chunkId'),
    plain('questionId'),
    plain('topicId'),
    rows.map((row) => JSON.stringify(row.properties)),
    rows.map((row) => row.clientIp),
    rows.map((row) => row.deviceType),
  ]);
  return new Set(inserted.map(({ userId, id }) => eventKey(userId, id)));
}

/** For each row, by its position: whether the stored event of that id has the same content. Every id must be stored. */
export async function compareEvents(tx: Tx, rows: readonly EventRow[]): Promise<readonly boolean[]> {
  if (rows.length === 0) return [];
  const found = await tx.query<{ position: number; same: boolean }>(compareAll, [
    rows.map((_, position) => position),
    rows.map((r) => r.userId),
    rows.map((r) => r.id),
    rows.map((r) => r.sessionId),
    rows.map((r) => r.eventType),
    rows.map((r) => r.materialId),
    rows.map((r) => r.chunkId),
    rows.map((r) => r.questionId),
    rows.map((r) => r.claimedTopicId),
    rows.map((r) => JSON.stringify(r.properties)),
  ]);
  const same = new Map(found.map((row) => [row.position, row.same]));
  return rows.map((_, position) => {
    const result = same.get(position);
    if (result === undefined) throw new Error('event.compare met an event that is not stored');
    return result;
  });
}

export function eventKey(userId: string, id: string): string {
  return `${userId}/${id}`;
}
