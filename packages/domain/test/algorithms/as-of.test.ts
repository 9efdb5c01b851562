import { expect } from 'chai';
import { asOfDay, asOfMs, midnightAfterMs } from '@studyin/domain/algorithms';

describe('the time that a row is evaluated at', () => {
  it('is the midnight, UTC, that ends the day of a night', () => {
    expect(midnightAfterMs('2026-01-31')).equal(Date.UTC(2026, 1, 1));
    expect(midnightAfterMs('2024-02-28')).equal(Date.UTC(2024, 1, 29));
    expect(midnightAfterMs('1970-01-01')).equal(86_400_000);
    expect(() => midnightAfterMs('2026-02-30')).throw(RangeError);
  });

  it('is the later of the last fact and the last night', () => {
    const midnight = Date.UTC(2026, 1, 1);
    expect(asOfMs(midnight - 1, null)).equal(midnight - 1);
    expect(asOfMs(midnight - 1, '2026-01-31')).equal(midnight);
    expect(asOfMs(midnight + 1, '2026-01-31')).equal(midnight + 1);
  });

  it('is for an overview a day', () => {
    expect(asOfDay('2026-01-30', null)).equal('2026-01-30');
    expect(asOfDay('2026-01-30', '2026-01-31')).equal('2026-01-31');
    expect(asOfDay('2026-02-01', '2026-01-31')).equal('2026-02-01');
  });
});
