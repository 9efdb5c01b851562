// Statements of facts for tests of the database itself.
import { statement } from '@studyin/domain/database';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';

export const insertEvent = statement(
  'test.insert_event',
  `insert into study_events (user_id, created_at, id, received_at, study_day, session_id, event_type)
  values ($1, $2, $3, now(), '2026-03-29', $1, 'session_start')
  on conflict do nothing
  returning id`,
);

export const insertAttempt = statement(
  'test.insert_attempt',
  `insert into question_attempts (user_id, attempted_at, id, session_id, question_id, topic_id, received_at, study_day,
    selected_answer, is_correct, graded_by, time_to_answer_seconds)
  values ($1, $2, $3, $1, $1, $1, now(), '2026-03-29', 'A', true, 'key', 3)
  on conflict do nothing
  returning id`,
);

/** Values for both statements: one learner's fact at `atMs`. */
export function factAt(atMs: number): readonly [userId: string, at: Date, id: string] {
  return [deterministicUuid('database-test', 'learner'), new Date(atMs), eventIdFor(atMs, 'database-test')];
}

/** First instant (UTC) of the month `months` away from the one of `atMs`. */
export function monthStart(atMs: number, months: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
}

/** Such as `study_events_2026_03`. */
export function partitionOf(parent: string, atMs: number): string {
  return `${parent}_${new Date(atMs).toISOString().slice(0, 7).replace('-', '_')}`;
}
