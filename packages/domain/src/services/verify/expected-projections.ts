// What the events alone make of sessions and interactions: counts, sums and the widest times.
import type { FactEvent } from '../../stores/verify-fact-store.ts';
import type { Row } from '../../stores/verify-tables.ts';
import { endsReading, numberIn } from './learner-facts.ts';
import type { LearnerFacts } from './learner-facts.ts';

export function expectedSessionCounters({ userId, events, attempts }: LearnerFacts): readonly Row[] {
  const right = new Set(attempts.filter((attempt) => attempt.isCorrect).map((attempt) => attempt.id));
  return [...Map.groupBy(events, (event) => event.sessionId)].map(([id, ofSession]) => {
    const count = (matches: (event: FactEvent) => boolean): number => ofSession.filter(matches).length;
    const countType = (type: string): number => count((event) => event.eventType === type);
    return {
      user_id: userId,
      id,
      started_at: ofSession[0]?.atMs ?? null,
      last_event_at: ofSession.at(-1)?.atMs ?? null,
      pause_count: countType('session_pause'),
      materials_viewed: countType('material_open'),
      materials_completed: countType('material_complete'),
      chunks_read: count((event) => event.eventType === 'material_read' && event.chunkId !== null),
      questions_attempted: countType('question_attempt'),
      questions_correct: count((event) => event.eventType === 'question_attempt' && right.has(event.id)),
      ai_interactions: countType('ai_question_asked'),
      xp_earned: xpOf(ofSession),
      achievements_unlocked: countType('achievement_unlocked'),
    };
  });
}

function xpOf(events: readonly FactEvent[]): number {
  return events
    .filter((event) => event.eventType === 'xp_earned')
    .reduce((sum, event) => sum + numberIn(event, 'amount'), 0);
}

const READING = new Set([
  'material_open',
  'material_read',
  'material_complete',
  'material_bookmark',
  'material_highlight',
  'material_note',
]);

export function expectedInteractions({ userId, events }: LearnerFacts): readonly Row[] {
  const reading = events.filter((event) => READING.has(event.eventType) && event.materialId !== null);
  const groups = Map.groupBy(reading, (event) => [event.sessionId, event.materialId, event.chunkId].join(' '));
  return [...groups.values()].map((group) => interactionRow(userId, group));
}

function interactionRow(userId: string, group: readonly FactEvent[]): Row {
  const ofType = (type: string): readonly FactEvent[] => group.filter((event) => event.eventType === type);
  const beats = ofType('material_read');
  const opened = ofType('material_open').length;
  const completedAt = group.find(endsReading)?.atMs ?? null;
  return {
    user_id: userId,
    session_id: group[0]?.sessionId ?? null,
    material_id: group[0]?.materialId ?? null,
    chunk_id: group[0]?.chunkId ?? null,
    topic_id: group.flatMap(({ topicId }) => (topicId === null ? [] : [topicId])).sort()[0] ?? null,
    started_at: group[0]?.atMs ?? null,
    ended_at: group.at(-1)?.atMs ?? null,
    // Each beat to the millisecond, so that the sum has no order.
    duration_seconds: beats.reduce((sum, beat) => sum + Math.round(numberIn(beat, 'durationSeconds') * 1000), 0) / 1000,
    scroll_depth_percent: Math.max(0, ...beats.map((beat) => numberIn(beat, 'scrollDepthPercent'))),
    is_complete: completedAt !== null,
    completed_at: completedAt,
    open_count: opened,
    revisit_count: Math.max(0, opened - 1),
    highlights_count: ofType('material_highlight').length,
    notes_count: ofType('material_note').length,
    bookmarked: ofType('material_bookmark').length > 0,
  };
}
