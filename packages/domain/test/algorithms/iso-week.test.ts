import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, daysBetween, isoWeekOf, mondayOf, utcDayOf } from '@studyin/domain/algorithms';

const dayArbitrary = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) }).map(utcDayOf);

describe('the ISO week of a study day', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['2024-01-01', 2024, 1],
    ['2020-12-31', 2020, 53],
    ['2021-01-03', 2020, 53],
    ['2021-01-04', 2021, 1],
    ['2026-12-28', 2026, 53],
    ['2027-01-03', 2026, 53],
    ['2018-12-31', 2019, 1],
    ['2024-02-29', 2024, 9],
    ['2000-01-02', 1999, 52],
  ];
  for (const [day, isoYear, isoWeek] of cases) {
    it(`of ${day} is week ${isoWeek} of ${isoYear}`, () => {
      expect(isoWeekOf(day)).eql({ isoYear, isoWeek });
    });
  }

  it('begins on its Monday and lasts seven days', () => {
    fc.assert(
      fc.property(dayArbitrary, (day) => {
        const week = isoWeekOf(day);
        const monday = mondayOf(week.isoYear, week.isoWeek);
        expect(new Date(`${monday}T00:00:00Z`).getUTCDay()).equal(1);
        expect(daysBetween(monday, day)).within(0, 6);
        expect(isoWeekOf(addDays(monday, 6))).eql(week);
        expect(isoWeekOf(addDays(monday, 7))).not.eql(week);
      }),
    );
  });

  it('has no Monday in a year without that week', () => {
    expect(mondayOf(2020, 53)).equal('2020-12-28');
    for (const week of [0, 54, -1, 1.5]) expect(() => mondayOf(2020, week), String(week)).throw(RangeError);
    expect(() => mondayOf(2021, 53)).throw(RangeError);
  });
});
