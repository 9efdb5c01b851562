import { compareCanonical } from '../../algorithms/index.ts';
import type { SessionSpans } from '../../algorithms/index.ts';
import { timeOf } from '../../stores/progress-store.ts';
import type { SessionTimes } from '../../stores/session-time-store.ts';
import type { StudyEvent } from '../../stores/study-facts-store.ts';

/** What a session's events in canonical order say of it: times, the first device and zone named, the topics studied. */
export function sessionTimes(spans: SessionSpans, events: readonly StudyEvent[]): SessionTimes {
  const ordered = events.filter((event) => event.sessionId === spans.sessionId).sort(compareCanonical);
  return {
    id: spans.sessionId,
    endedAt: timeOf(spans.endedAtMs),
    durationSeconds: Math.round(spans.durationMs / 1000),
    activeSeconds: Math.round(spans.activeMs / 1000),
    isActive: !spans.isEnded,
    deviceType: ordered.find((event) => event.deviceType !== null)?.deviceType ?? null,
    timezone: ordered.find((event) => event.timezone !== null)?.timezone ?? null,
    topicsStudied: [...new Set(ordered.flatMap(({ topicId }) => (topicId === null ? [] : [topicId])))].sort(),
    studyDay: spans.firstStudyDay,
  };
}
