import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  createStudyDayCalculator,
  createWallClockReader,
  daysBetween,
  isStudyDay,
  isTimezone,
  utcDayOf,
  utcRangeOfStudyDay,
} from '@studyin/domain/algorithms';

const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Etc/GMT+12', 'Asia/Kathmandu'];
const atMsArbitrary = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) });
const zoneArbitrary = fc.constantFrom(...ZONES);
const rolloverArbitrary = fc.integer({ min: 0, max: 23 });
const dayArbitrary = atMsArbitrary.map(utcDayOf);

describe('the study day of an instant', () => {
  const studyDayOf = createStudyDayCalculator();
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['2026-03-01T23:59:59.999Z', 'UTC', 0, '2026-03-01'],
    ['2026-03-02T03:59:59.999Z', 'UTC', 4, '2026-03-01'],
    ['2026-03-02T04:00:00.000Z', 'UTC', 4, '2026-03-02'],
    // Kiritimati is 14 hours ahead of UTC, Etc/GMT+12 twelve hours behind.
    ['2026-03-01T09:59:59.999Z', 'Pacific/Kiritimati', 0, '2026-03-01'],
    ['2026-03-01T10:00:00.000Z', 'Pacific/Kiritimati', 0, '2026-03-02'],
    ['2026-03-01T11:59:59.999Z', 'Etc/GMT+12', 0, '2026-02-28'],
    // Spring forward in Berlin: 02:00 CET is followed by 03:00 CEST.
    ['2026-03-29T00:59:59.999Z', 'Europe/Berlin', 3, '2026-03-28'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', 3, '2026-03-29'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', 4, '2026-03-28'],
    // Fall back in Berlin: 02:30 happens twice, before the rollover both times.
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', 3, '2026-10-24'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', 3, '2026-10-24'],
    ['2026-10-25T02:00:00.000Z', 'Europe/Berlin', 3, '2026-10-25'],
    // The same instant of evening lies on either side of UTC midnight in winter and in summer.
    ['2026-01-15T22:30:00.000Z', 'Europe/Berlin', 0, '2026-01-15'],
    ['2026-07-15T22:30:00.000Z', 'Europe/Berlin', 0, '2026-07-16'],
    ['2024-02-29T12:00:00.000Z', 'America/New_York', 0, '2024-02-29'],
    ['2024-03-01T04:59:59.000Z', 'America/New_York', 0, '2024-02-29'],
    ['2024-03-01T08:00:00.000Z', 'America/New_York', 4, '2024-02-29'],
    ['2026-03-01T02:00:00.000Z', 'UTC', 4, '2026-02-28'],
    ['2027-01-01T00:30:00.000Z', 'UTC', 1, '2026-12-31'],
    ['2026-06-01T18:20:00.000Z', 'Asia/Kathmandu', 0, '2026-06-02'],
    // Samoa skipped 30 December 2011 altogether.
    ['2011-12-30T09:59:59.000Z', 'Pacific/Apia', 0, '2011-12-29'],
    ['2011-12-30T10:00:00.000Z', 'Pacific/Apia', 0, '2011-12-31'],
  ];
  for (const [at, zone, rollover, day] of cases) {
    it(`is ${day} at ${at} in ${zone} with a rollover at ${rollover}`, () => {
      expect(studyDayOf(Date.parse(at), zone, rollover)).equal(day);
    });
  }

  it('is the UTC date of the instant moved by offset and rollover, in zones of fixed offset', () => {
    const offsetMinutes = { UTC: 0, 'Pacific/Kiritimati': 840, 'Etc/GMT+12': -720, 'Asia/Kathmandu': 345 };
    const zones = fc.constantFrom(...Object.entries(offsetMinutes));
    fc.assert(
      fc.property(atMsArbitrary, zones, rolloverArbitrary, (atMs, [zone, minutes], rollover) => {
        expect(studyDayOf(atMs, zone, rollover)).equal(utcDayOf(atMs + (minutes - rollover * 60) * 60_000));
      }),
    );
  });

  it('never moves back as time goes on where clocks change far from midnight', () => {
    const steps = fc.integer({ min: 0, max: 7_200_000 });
    fc.assert(
      fc.property(
        atMsArbitrary,
        steps,
        fc.constantFrom('Europe/Berlin', 'America/New_York'),
        rolloverArbitrary,
        (atMs, step, zone, hour) => {
          expect(studyDayOf(atMs, zone, hour) <= studyDayOf(atMs + step, zone, hour)).equal(true);
        },
      ),
    );
  });

  it('is the same whatever was asked before', () => {
    const near = fc.tuple(atMsArbitrary, fc.integer({ min: 0, max: 120_000 }));
    fc.assert(
      fc.property(near, zoneArbitrary, rolloverArbitrary, ([atMs, step], zone, hour) => {
        const asked = [atMs, atMs + step, atMs].map((at) => studyDayOf(at, zone, hour));
        expect(asked).eql([atMs, atMs + step, atMs].map((at) => createStudyDayCalculator()(at, zone, hour)));
      }),
      { numRuns: 30 },
    );
  });

  it('may be remembered for a minute: no zone has changed its clocks within one since 1973', () => {
    const changes = changesOfAllZones({ fromMs: Date.UTC(1973, 0, 1), toMs: Date.UTC(2038, 0, 1) });
    expect(changes).have.length.above(10_000);
    expect(changes.filter(({ atMs }) => atMs % 60_000 !== 0)).eql([]);
  }).timeout(30_000);

  it('changes with the clocks, to the millisecond', () => {
    const changes = changesOfAllZones({ fromMs: Date.UTC(2019, 0, 1), toMs: Date.UTC(2022, 0, 1) });
    expect(changes).have.length.above(500);
    for (const { zone, atMs } of changes) {
      const asked = [atMs - 1, atMs, atMs - 1, atMs + 59_999];
      const days = asked.map((at) => studyDayOf(at, zone, 3));
      expect(days, zone).eql(asked.map((at) => createStudyDayCalculator()(at, zone, 3)));
    }
  }).timeout(30_000);

  it('lies on a day whose UTC range holds the instant, whatever zone and rollover', () => {
    fc.assert(
      fc.property(atMsArbitrary, zoneArbitrary, rolloverArbitrary, (atMs, zone, rollover) => {
        const { fromMs, toMs } = utcRangeOfStudyDay(studyDayOf(atMs, zone, rollover));
        expect(atMs).within(fromMs, toMs - 1);
      }),
    );
  });

  it('is refused for an unknown zone, an offset, an hour out of range and a time that is none', () => {
    for (const zone of ['Mars/Olympus', '', '+02:00', '−05:00']) {
      expect(() => studyDayOf(0, zone, 0), zone).throw(RangeError);
      expect(isTimezone(zone), zone).equal(false);
    }
    for (const hour of [-1, 24, 1.5, NaN]) expect(() => studyDayOf(0, 'UTC', hour)).throw(RangeError);
    expect(() => studyDayOf(NaN, 'Europe/Berlin', 0)).throw(RangeError);
    expect(() => studyDayOf(NaN, 'UTC', 0)).throw(RangeError);
    expect(ZONES.every(isTimezone)).equal(true);
  });
});

describe('the UTC range of a study day', () => {
  it('is as tight as its promise: its first and last instants have that day somewhere', () => {
    const studyDayOf = createStudyDayCalculator();
    const { fromMs, toMs } = utcRangeOfStudyDay('2024-02-29');
    expect(studyDayOf(fromMs, 'Pacific/Kiritimati', 0)).equal('2024-02-29');
    expect(studyDayOf(fromMs - 1, 'Pacific/Kiritimati', 0)).equal('2024-02-28');
    expect(studyDayOf(toMs - 1, 'Etc/GMT+12', 23)).equal('2024-02-29');
    expect(studyDayOf(toMs, 'Etc/GMT+12', 23)).equal('2024-03-01');
  });
});

describe('arithmetic on study days', () => {
  it('knows the leap days', () => {
    expect(addDays('2024-02-28', 1)).equal('2024-02-29');
    expect(addDays('2023-02-28', 1)).equal('2023-03-01');
    expect(addDays('2000-03-01', -1)).equal('2000-02-29');
    expect(daysBetween('2024-02-28', '2024-03-01')).equal(2);
    expect(daysBetween('2100-02-28', '2100-03-01')).equal(1);
  });

  it('counts as the calendar of the platform, in any year that has four digits', () => {
    const daysOfEra = fc.integer({
      min: Date.parse('0001-01-01') / 86_400_000,
      max: Date.parse('9999-12-30') / 86_400_000,
    });
    const platformDay = (n: number): string => new Date(n * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(daysOfEra, fc.nat(86_399_999), (n, msOfDay) => {
        expect(utcDayOf(n * 86_400_000 + msOfDay)).equal(platformDay(n));
        expect(addDays(platformDay(n), 1)).equal(platformDay(n + 1));
        expect(daysBetween('1970-01-01', platformDay(n))).equal(n);
      }),
      {
        numRuns: 2_000,
        examples: ['0999-12-31', '1900-02-28', '2000-02-29'].map((day) => [Date.parse(day) / 86_400_000, 0]),
      },
    );
    expect(() => utcDayOf(Number.NaN)).throw(RangeError);
  });

  it('adds and subtracts as inverses', () => {
    fc.assert(
      fc.property(dayArbitrary, fc.integer({ min: -20_000, max: 20_000 }), (day, n) => {
        expect(daysBetween(day, addDays(day, n))).equal(n);
        expect(addDays(addDays(day, n), -n)).equal(day);
      }),
    );
  });

  it('tells a study day from a text that only looks like one', () => {
    for (const day of ['2024-02-29', '2026-12-31', '0001-01-01']) expect(isStudyDay(day), day).equal(true);
    const wrong = [
      '2023-02-29',
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '0000-01-01',
      '2026-1-1',
      ' 2026-01-01',
      '',
      '2026-01-01\n',
      '2026-01-0a',
      '2026/01/01',
      '2026-04-31',
      '1900-02-29',
    ];
    for (const day of wrong) {
      expect(isStudyDay(day), day).equal(false);
      expect(() => addDays(day, 1), day).throw(RangeError);
      expect(() => utcRangeOfStudyDay(day), day).throw(RangeError);
    }
  });
});

describe('the wall clock', () => {
  it('tells hour and weekday as the platform does, in any zone, before and after its clocks change', () => {
    const read = createWallClockReader();
    const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
    const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 11, 31) });
    fc.assert(
      fc.property(instants, zoneArbitrary, (atMs, timeZone) => {
        const { hour, weekday } = read(atMs, timeZone);
        const shown = new Date(atMs).toLocaleString('en-GB', {
          timeZone,
          weekday: 'long',
          hour: '2-digit',
          minute: '2-digit',
        });
        expect(shown)
          .contain(names[weekday - 1])
          .and.match(new RegExp(`\\b${String(hour).padStart(2, '0')}:`));
      }),
    );
    expect(read(Date.parse('2026-03-29T00:59:59Z'), 'Europe/Berlin')).eql({ hour: 1, weekday: 7 });
    expect(read(Date.parse('2026-03-29T01:00:00Z'), 'Europe/Berlin')).eql({ hour: 3, weekday: 7 });
  });

  it('tells the hour on both sides of a change within a quarter of an hour', () => {
    const read = createWallClockReader();
    const hours = ['16:00:59.999', '16:01:00.000', '16:14:00.000', '16:00:00.000'].map(
      (time) => read(Date.parse(`2020-10-03T${time}Z`), 'Antarctica/Casey').hour,
    );
    expect(hours).eql([0, 3, 3, 0]);
  });

  it('refuses a zone that is none', () => {
    expect(() => createWallClockReader()(0, '+02:00')).throw(RangeError);
  });
});

type Change = { readonly zone: string; readonly atMs: number };

/** Where the offset of a zone from UTC changes, by the platform's own rules; two changes within ten days may be missed. */
function changesOfAllZones({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): readonly Change[] {
  const step = 10 * 86_400_000;
  return Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    const formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    const offsetAt = (atMs: number): string => formatter.format(atMs).replace(/^\d+, /, '');
    const changes: Change[] = [];
    let offset = offsetAt(fromMs);
    for (let atMs = fromMs + step; atMs < toMs; atMs += step) {
      const now = offsetAt(atMs);
      if (now !== offset) changes.push({ zone, atMs: firstWith(now, { afterMs: atMs - step, atMs, offsetAt }) });
      offset = now;
    }
    return changes;
  });
}

function firstWith(
  offset: string,
  { afterMs, atMs, offsetAt }: { afterMs: number; atMs: number; readonly offsetAt: (atMs: number) => string },
): number {
  let [low, high] = [afterMs, atMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}
