import { expect } from 'chai';
import fc from 'fast-check';
import { sessionSpans, unionMs, type SessionEvent } from '@studyin/domain/algorithms';

const SECOND = 1000;
const TYPES = ['session_start', 'session_pause', 'session_resume', 'session_end', 'question_attempt'];

function event(index: number, seconds: number, eventType: string, studyDay = '2026-03-01'): SessionEvent {
  return { id: String(index).padStart(4, '0'), atMs: seconds * SECOND, sessionId: 's', eventType, studyDay };
}

function eventsOf(...list: readonly (readonly [number, string])[]): readonly SessionEvent[] {
  return list.map(([seconds, eventType], index) => event(index, seconds, eventType));
}

const eventsArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.constantFrom(...TYPES)), { minLength: 1, maxLength: 12 })
  .map((list) => eventsOf(...list));

/** Asks of each second which event spoke last before it. */
function countSeconds(events: readonly SessionEvent[]) {
  const ordered = events.toSorted((a, b) => a.atMs - b.atMs || a.id.localeCompare(b.id));
  const counted = { active: 0, duration: 0 };
  for (let atMs = 0; atMs < 9000 * SECOND; atMs += SECOND) {
    const opener = ordered.findLast((one) => one.atMs <= atMs);
    const next = ordered.find((one) => one.atMs > atMs);
    if (opener === undefined || next === undefined || opener.eventType === 'session_end') continue;
    const isActive = opener.eventType !== 'session_pause' && atMs < opener.atMs + 300 * SECOND;
    if (isActive) counted.active += 1;
    if (isActive || next.atMs - opener.atMs <= 1800 * SECOND) counted.duration += 1;
  }
  return counted;
}

describe('the times of a session', () => {
  it('count at most five minutes of activity for one event, and all of it as duration', () => {
    const spans = sessionSpans(eventsOf([0, 'session_start'], [100, 'question_attempt'], [1000, 'question_attempt']));
    expect(spans).include({ activeMs: 400 * SECOND, durationMs: 1000 * SECOND, isEnded: false });
    expect(spans).include({ startedAtMs: 0, lastEventAtMs: 1000 * SECOND, endedAtMs: 1000 * SECOND });
  });

  it('count a pause as duration, not as activity', () => {
    const spans = sessionSpans(
      eventsOf([0, 'session_start'], [60, 'session_pause'], [200, 'session_resume'], [210, 'session_end']),
    );
    expect(spans).include({ activeMs: 70 * SECOND, durationMs: 210 * SECOND, pauseCount: 1, isEnded: true });
  });

  it('count nothing between the end of a session and the event that reopens it', () => {
    const spans = sessionSpans(
      eventsOf([0, 'session_start'], [60, 'session_end'], [120, 'question_view'], [150, 'question_attempt']),
    );
    expect(spans).include({ activeMs: 90 * SECOND, durationMs: 90 * SECOND, isEnded: false, endedAtMs: 150 * SECOND });
  });

  it('count of an absence over half an hour only the five minutes that its event vouches for', () => {
    expect(sessionSpans(eventsOf([0, 'question_view'], [1800, 'question_view'])).durationMs).equal(1800 * SECOND);
    expect(sessionSpans(eventsOf([0, 'question_view'], [1801, 'question_view'])).durationMs).equal(300 * SECOND);
    expect(sessionSpans(eventsOf([0, 'session_pause'], [1801, 'question_view'])).durationMs).equal(0);
  });

  it('are none for a single event', () => {
    const spans = sessionSpans(eventsOf([5, 'question_attempt']));
    expect(spans).include({ activeMs: 0, durationMs: 0, startedAtMs: 5000, endedAtMs: 5000, isEnded: false });
    expect(spans.intervals).eql([]);
  });

  it('belong to the study day of the event that opens them, the session to that of its first event', () => {
    const spans = sessionSpans([event(1, 60, 'session_end', '2026-03-02'), event(0, 0, 'session_start', '2026-03-01')]);
    expect(spans.firstStudyDay).equal('2026-03-01');
    expect(spans.intervals).eql([{ fromMs: 0, toMs: 60_000, studyDay: '2026-03-01', eventId: '0000' }]);
  });

  it('are those of counting second by second, and the intervals do not overlap', () => {
    fc.assert(
      fc.property(eventsArbitrary, (events) => {
        const spans = sessionSpans(events);
        const counted = countSeconds(events);
        expect(spans.activeMs).equal(counted.active * SECOND);
        expect(spans.durationMs).equal(counted.duration * SECOND);
        expect(unionMs(spans.intervals)).equal(spans.activeMs);
        expect(unionMs(spans.spans)).equal(spans.durationMs);
        expect(spans.durationMs).gte(spans.activeMs);
      }),
      { numRuns: 50 },
    );
  });

  it('do not depend on the order of arrival', () => {
    const arrivals = eventsArbitrary.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
    );
    fc.assert(
      fc.property(arrivals, ([events, shuffled]) => {
        expect(sessionSpans(shuffled)).eql(sessionSpans(events));
      }),
    );
  });

  it('are refused without an event, and for events of two sessions', () => {
    expect(() => sessionSpans([])).throw(RangeError);
    expect(() => sessionSpans([event(0, 0, 'session_start'), { ...event(1, 1, 'session_end'), sessionId: 't' }])).throw(
      RangeError,
      'session t',
    );
  });
});

describe('the union of intervals', () => {
  it('is the count of milliseconds that some interval covers', () => {
    const intervalArbitrary = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
      .map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }));
    fc.assert(
      fc.property(fc.array(intervalArbitrary, { maxLength: 10 }), (intervals) => {
        const covered = new Set<number>();
        for (const { fromMs, toMs } of intervals) for (let ms = fromMs; ms < toMs; ms += 1) covered.add(ms);
        expect(unionMs(intervals)).equal(covered.size);
      }),
    );
  });

  it('counts an hour in two tabs once', () => {
    const hour = { fromMs: 0, toMs: 3_600_000 };
    expect(unionMs([hour, hour])).equal(3_600_000);
    expect(unionMs([])).equal(0);
  });
});
