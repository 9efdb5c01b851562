// Time of a session, told from its events alone. An active interval is time the learner was certainly there: each event
// vouches for at most five minutes. A span is time the session went on: pauses count, an absence over half an hour
// counts five minutes like any interval.
import { compareCanonical } from './canonical-order.ts';

const MAX_ACTIVE_INTERVAL_MS = 300_000;
const MAX_SPAN_MS = 1_800_000;

export type SessionEvent = {
  readonly id: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly eventType: string;
  readonly studyDay: string;
};

export type Interval = { readonly fromMs: number; readonly toMs: number };

/** An interval belongs to the study day, topic and so on of the event that opens it. */
export type OpenedInterval = Interval & { readonly studyDay: string; readonly eventId: string };

export type SessionSpans = {
  readonly sessionId: string;
  /** Study day of the session's first event: the day the session belongs to. */
  readonly firstStudyDay: string;
  readonly startedAtMs: number;
  readonly lastEventAtMs: number;
  readonly endedAtMs: number;
  readonly durationMs: number;
  readonly activeMs: number;
  readonly pauseCount: number;
  readonly isEnded: boolean;
  readonly intervals: readonly OpenedInterval[];
  readonly spans: readonly OpenedInterval[];
};

/**
 * The times of one session from all its events, in any order.
 * Formula: an event at t before the next event at t′ opens the active interval [t, min(t′, t + 300 s)) unless it is a
 * session_pause or session_end, and the span [t, t′) unless it is a session_end; where t′ − t > 1,800 s its span is its active interval;
 * activeMs = Σ intervals, durationMs = Σ spans.
 * Edge cases: an event after session_end reopens the session and the gap counts nothing; empty intervals are left out;
 * throws RangeError without an event or with events of two sessions. O(n log n).
 */
export function sessionSpans(events: readonly SessionEvent[]): SessionSpans {
  const ordered = events.toSorted(compareCanonical);
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a session has at least one event');
  const stranger = ordered.find((event) => event.sessionId !== first.sessionId);
  if (stranger !== undefined) {
    throw new RangeError(`event ${stranger.id} belongs to session ${stranger.sessionId}, not ${first.sessionId}`);
  }
  const { intervals, spans } = openedBy(ordered);
  return {
    sessionId: first.sessionId,
    firstStudyDay: first.studyDay,
    startedAtMs: first.atMs,
    lastEventAtMs: last.atMs,
    endedAtMs: last.atMs,
    durationMs: totalMs(spans),
    activeMs: totalMs(intervals),
    pauseCount: ordered.filter((event) => event.eventType === 'session_pause').length,
    isEnded: last.eventType === 'session_end',
    intervals,
    spans,
  };
}

/** Length of the union of intervals, in any order: an hour in two tabs is one hour. O(n log n). */
export function unionMs(intervals: readonly Interval[]): number {
  let lengthMs = 0;
  let coveredToMs = -Infinity;
  for (const { fromMs, toMs } of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (toMs <= coveredToMs) continue;
    lengthMs += toMs - Math.max(fromMs, coveredToMs);
    coveredToMs = toMs;
  }
  return lengthMs;
}

type Opened = { readonly intervals: readonly OpenedInterval[]; readonly spans: readonly OpenedInterval[] };

function openedBy(ordered: readonly SessionEvent[]): Opened {
  const intervals: OpenedInterval[] = [];
  const spans: OpenedInterval[] = [];
  for (const [index, event] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next === undefined || next.atMs === event.atMs || event.eventType === 'session_end') continue;
    const opened = { fromMs: event.atMs, toMs: next.atMs, studyDay: event.studyDay, eventId: event.id };
    const active = { ...opened, toMs: Math.min(next.atMs, event.atMs + MAX_ACTIVE_INTERVAL_MS) };
    const isPause = event.eventType === 'session_pause';
    if (!isPause) intervals.push(active);
    // An absence over half an hour counts no more than its event vouches for, so that time is never less than active time.
    if (next.atMs - event.atMs <= MAX_SPAN_MS) spans.push(opened);
    else if (!isPause) spans.push(active);
  }
  return { intervals, spans };
}

function totalMs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
}
