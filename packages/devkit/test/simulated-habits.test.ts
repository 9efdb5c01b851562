// How simulated learners come and go: late, twice, few with much, abroad; and histories of a given size.
import { expect } from 'chai';
import { eventIdFor, eventTimeMs, parseEvent } from '@studyin/domain/events';
import type { EventInput } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import { createArrivals } from '../src/simulator/arrivals.ts';
import { computeHistorySizes } from '../src/simulator/history-sizes.ts';
import { createRandom } from '../src/simulator/random.ts';
import type { Random } from '../src/simulator/random.ts';
import { historyUserId, simulateHistory } from '../src/simulator/simulate-history.ts';
import type { HistoryOptions } from '../src/simulator/simulate-history.ts';
import { simulateLearner } from '../src/simulator/simulate-learner.ts';
import { studyTopicsOf } from '../src/simulator/study-topics.ts';

const topics = studyTopicsOf(defaultCurriculum());
const options = { topics, seed: 1, end: '2026-03-15', days: 90 };
const timeOf = ({ eventId }: EventInput): number => eventTimeMs(eventId ?? '');

function sessionOn(day: number, random: Random): readonly EventInput[] {
  return Array.from({ length: random.int(5, 60) }, (_, n) => ({
    eventType: 'session_pause' as const,
    eventId: eventIdFor(Date.UTC(2026, 0, 1 + day), `${random.next()} ${n}`),
    sessionId: '6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11',
    properties: {},
  }));
}

describe('simulated learners', function () {
  this.timeout(30_000);
  const learners = Array.from({ length: 250 }, (_, index) => [...simulateLearner(options, index)]);
  const days = learners.flat();
  const total = days.reduce((sum, { events }) => sum + events.length, 0);

  it('send 1 % of their events twice', () => {
    const repeated = learners.map((own) => {
      const ids = own.flatMap(({ events }) => events.map(({ eventId }) => eventId));
      return ids.length - new Set(ids).size;
    });
    expect(repeated.reduce((sum, n) => sum + n, 0) / total).closeTo(0.01, 0.001);
  });

  it('send 5 % of them days late, behind newer ones, and all by the last day', () => {
    const counts = { all: 0, late: 0, overtaken: 0 };
    for (let learner = 0; learner < 400; learner += 1) {
      const random = createRandom(`late ${learner}`);
      const arrivals = createArrivals(random, 60);
      const happened = Array.from({ length: 60 }, (_, day) => (random.chance(0.3) ? [sessionOn(day, random)] : []));
      const arrived = happened.map((sessions, day) => arrivals.arrive(day, sessions));
      const ids = (events: readonly EventInput[]) => new Set(events.map(({ eventId }) => eventId));
      expect(ids(arrived.flat())).eql(ids(happened.flat(2)));
      for (const [day, events] of arrived.entries()) {
        const today = ids(happened[day]?.flat() ?? []);
        const late = events.filter(({ eventId }) => !today.has(eventId));
        counts.all += events.length;
        counts.late += late.length;
        if (late.length < events.length) counts.overtaken += late.length;
        expect(events.slice(events.length - late.length)).eql(late);
      }
    }
    expect(counts.late / counts.all).within(0.045, 0.055); // nothing can be late on the last day
    expect(counts.overtaken).greaterThan(100);
  });

  it('are a few with much and many with little', () => {
    const sizes = learners.map((own) => own.reduce((sum, { events }) => sum + events.length, 0)).sort((a, b) => b - a);
    const busiest = sizes.slice(0, 25).reduce((sum, size) => sum + size, 0);
    expect(busiest / total).within(0.25, 0.5);
    expect(sizes[0]).greaterThan(8 * (sizes[125] ?? 0));
  });

  it('live in many zones, and some of them travel and come back', () => {
    const zones = learners.map((own) => {
      const events = own.flatMap((day) => day.events).toSorted((a, b) => timeOf(a) - timeOf(b));
      return events
        .map(({ timezone }) => timezone)
        .filter((zone, index, all) => index === 0 || zone !== all[index - 1]);
    });
    expect(new Set(zones.flat()).size).greaterThan(8);
    expect(zones.filter((own) => own.length > 1).length).within(8, 50);
    expect(zones.some((own) => own.length === 3 && own[0] === own[2])).equal(true);
  });
});

describe('a simulated history', function () {
  this.timeout(30_000);
  const history: HistoryOptions = { topics, seed: 'a', end: '2026-03-15', days: 180 };

  it('has exactly as many events as asked for, in order, sound, and within its days', () => {
    for (const [index, size] of [1, 7, 80, 900, 12_000].entries()) {
      const { userId, events } = simulateHistory(history, { index, size });
      expect(userId).equal(historyUserId(history, index));
      expect(events).length(size);
      expect(new Set(events.map(({ eventId }) => eventId)).size).equal(size);
      const times = events.map(timeOf);
      expect(times).eql(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).lessThan(Date.parse('2026-03-16'));
      expect(times[0]).greaterThan(Date.parse('2025-09-16'));
      for (const event of events.slice(0, 500)) expect(parseEvent(event), JSON.stringify(event)).property('ok', true);
    }
  });

  it('is the same for the same seed, and of other people for another', () => {
    expect(simulateHistory(history, { index: 3, size: 100 })).eql(simulateHistory(history, { index: 3, size: 100 }));
    const others = [history, { ...history, seed: 'b' }, { ...history, days: 90 }, { ...history, end: '2026-03-14' }];
    expect(new Set(others.map((one) => historyUserId(one, 3))).size).equal(4);
  });

  it('of too many events for its days is refused', () => {
    expect(() => simulateHistory({ ...history, days: 2 }, { index: 1, size: 20_000 })).throws(RangeError, 'no room');
  });

  it('has sizes that add up, at least one event each, and a tenth with four tenths of all', () => {
    for (const [learners, events] of [
      [1, 1],
      [7, 7],
      [10, 1_003],
      [5_000, 400_000],
    ] as const) {
      const sizes = computeHistorySizes({ seed: 'a', learners, events });
      expect(sizes).length(learners);
      expect(sizes.reduce((sum, size) => sum + size, 0)).equal(events);
      expect(Math.min(...sizes)).greaterThan(0);
    }
    const sizes = computeHistorySizes({ seed: 'a', learners: 5_000, events: 400_000 }).toSorted((a, b) => b - a);
    expect(sizes.slice(0, 500).reduce((sum, size) => sum + size, 0) / 400_000).within(0.35, 0.45);
    expect(() => computeHistorySizes({ seed: 'a', learners: 2, events: 1 })).throws(RangeError);
  });
});
