import { expect } from 'chai';
import type { NightStep } from '../../../src/services/nightly/night-step.ts';
import { lagDaysOf, listNightWork, nextNightWork } from '../../../src/services/nightly/next-night.ts';
import type { Watermarks } from '../../../src/services/nightly/next-night.ts';

const step = (name: string, rest: Partial<NightStep>): NightStep => ({
  name,
  dueMinute: 120,
  spread: 'whole',
  missed: 'last',
  run: () => Promise.resolve({ rows: 0 }),
  ...rest,
});
const early = step('early', { dueMinute: 5 });
const last = step('last', {});
const each = step('each', { missed: 'each' });
const steps = [early, last, each];
const done = (day: string | null): Watermarks => new Map(steps.map(({ name }) => [name, day]));
const at = (time: string): number => Date.parse(`${time}:00Z`);

/** The chain to its end, as `name day`, with each piece of work marked as done. */
function follow(watermarks: Watermarks, nowMs: number): readonly string[] {
  const marks = new Map(watermarks);
  const order: string[] = [];
  for (let work = nextNightWork(steps, marks, nowMs); work !== null; work = nextNightWork(steps, marks, nowMs)) {
    order.push(`${work.step.name} ${work.day}`);
    marks.set(work.step.name, work.day);
  }
  return order;
}

describe('the next piece of a night', () => {
  it('is each step in its order, of the night that is over', () => {
    expect(follow(done('2026-03-08'), at('2026-03-10T02:00'))).eql([
      'early 2026-03-09',
      'last 2026-03-09',
      'each 2026-03-09',
    ]);
    expect(follow(done('2026-03-09'), at('2026-03-10T23:59'))).eql([]);
  });

  it('waits for its hour', () => {
    expect(follow(done('2026-03-08'), at('2026-03-10T00:04'))).eql([]);
    expect(follow(done('2026-03-08'), at('2026-03-10T00:05'))).eql(['early 2026-03-09']);
    expect(follow(done('2026-03-08'), at('2026-03-10T01:59'))).eql(['early 2026-03-09']);
  });

  it('of five nights without a worker is each one where days are bound, and else the last, oldest first', () => {
    expect(follow(done('2026-03-04'), at('2026-03-10T02:00'))).eql([
      'each 2026-03-05',
      'each 2026-03-06',
      'each 2026-03-07',
      'each 2026-03-08',
      'early 2026-03-09',
      'last 2026-03-09',
      'each 2026-03-09',
    ]);
  });

  it('of a chain that never ran is the last night', () => {
    expect(follow(done(null), at('2026-03-10T12:00'))).eql(['early 2026-03-09', 'last 2026-03-09', 'each 2026-03-09']);
  });

  it('is the same by hand, and the last night again where nothing is missing', () => {
    const names = (from: string) =>
      listNightWork(steps, done(from), '2026-03-09').map((one) => `${one.step.name} ${one.day}`);
    expect(names('2026-03-07')).eql(['each 2026-03-08', 'early 2026-03-09', 'last 2026-03-09', 'each 2026-03-09']);
    expect(names('2026-03-09')).eql(['early 2026-03-09', 'last 2026-03-09', 'each 2026-03-09']);
  });
});

describe('the lag of a step', () => {
  it('is counted from 05:00 on', () => {
    expect(lagDaysOf(last, done('2026-03-08'), at('2026-03-10T04:59'))).equal(0);
    expect(lagDaysOf(last, done('2026-03-08'), at('2026-03-10T05:00'))).equal(1);
    expect(lagDaysOf(last, done('2026-03-04'), at('2026-03-10T12:00'))).equal(5);
    expect(lagDaysOf(last, done('2026-03-09'), at('2026-03-10T12:00'))).equal(0);
  });

  it('is none before the first night, and one where only this step never ran', () => {
    expect(lagDaysOf(last, done(null), at('2026-03-10T12:00'))).equal(0);
    expect(lagDaysOf(last, new Map([...done('2026-03-09'), ['last', null]]), at('2026-03-10T12:00'))).equal(1);
  });

  it('is none in the first night of all, until it must be done', () => {
    const begun: Watermarks = new Map([['early', '2026-03-09']]);
    expect(lagDaysOf(last, begun, at('2026-03-10T00:06'))).equal(0);
    expect(lagDaysOf(last, begun, at('2026-03-10T04:59'))).equal(0);
    expect(lagDaysOf(last, begun, at('2026-03-10T05:00'))).equal(1);
  });
});
