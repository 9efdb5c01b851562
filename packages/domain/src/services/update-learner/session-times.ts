import type { SessionSpans } from '../../algorithms/index.ts';
import { timeOf } from '../../stores/progress-store.ts';
import type { SessionTimes } from '../../stores/session-time-store.ts';
import type { StudyEvent } from '../../stores/study-facts-store.ts';

/** What a session's own events, in canonical order, say of it: times, the first device and zone named, the topics studied. */
export function sessionTimes(spans: SessionSpans, events: readonly StudyEvent[]): Omit<SessionTimes, 'userId'> {
  return {
    id: spans.sessionId,
    endedAt: timeOf(spans.endedAtMs),
    durationSeconds: Math.round(spans.durationMs / 1000),
    activeSeconds: Math.round(spans.activeMs / 1000),
    isActive: !spans.isEnded,
    deviceType: events.find((event) => event.deviceType !== null)?.deviceType ?? null,
    timezone: events.find((event) => event.timezone !== null)?.timezone ?? null,
    topicsStudied: [...new Set(events.flatMap(({ topicId }) => (topicId === null ? [] : [topicId])))].sort(),
    studyDay: spans.firstStudyDay,
  };
}
