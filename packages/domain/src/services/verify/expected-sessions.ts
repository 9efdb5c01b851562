// Sessions from all their events in canonical order.
import { sessionSpans } from '../../algorithms/index.ts';
import type { SessionSpans } from '../../algorithms/index.ts';
import type { FactEvent } from '../../stores/verify-fact-store.ts';
import type { Row } from '../../stores/verify-tables.ts';
import { distinctOf } from './learner-facts.ts';
import type { LearnerFacts } from './learner-facts.ts';

export type FactSession = { readonly events: readonly FactEvent[]; readonly spans: SessionSpans };

export function sessionsOf({ events }: LearnerFacts): readonly FactSession[] {
  return [...Map.groupBy(events, (event) => event.sessionId).values()].map((ofSession) => ({
    events: ofSession,
    spans: sessionSpans(ofSession),
  }));
}

export function expectedSessionTimes(userId: string, sessions: readonly FactSession[]): readonly Row[] {
  return sessions.map(({ events, spans }) => ({
    user_id: userId,
    id: spans.sessionId,
    ended_at: spans.endedAtMs,
    duration_seconds: Math.round(spans.durationMs / 1000),
    active_seconds: Math.round(spans.activeMs / 1000),
    is_active: !spans.isEnded,
    device_type: firstNamed(events.map(deviceOf)),
    timezone: firstNamed(events.map((event) => event.timezone)),
    topics_studied: distinctOf(events.map((event) => event.topicId)),
    study_day: spans.firstStudyDay,
  }));
}

/** The device that the session says it runs on, else the one its call came from. */
function deviceOf({ eventType, properties, deviceType }: FactEvent): string | null {
  const said = eventType === 'session_start' ? properties['deviceType'] : undefined;
  return typeof said === 'string' ? said : deviceType;
}

function firstNamed(values: readonly (string | null)[]): string | null {
  return values.find((value) => value !== null) ?? null;
}
