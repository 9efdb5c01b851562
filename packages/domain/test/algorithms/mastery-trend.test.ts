import { expect } from 'chai';
import { masteryTrend } from '@studyin/domain/algorithms';

describe('the trend of mastery', () => {
  const table = [
    [0.7, 0.6, 'improving'],
    [0.6, 0.7, 'declining'],
    [0.62, 0.6, 'stable'],
    [0.05, 0, 'stable'],
    [0, 0.05, 'stable'],
    [null, 0.6, 'unknown'],
    [0.6, null, 'unknown'],
  ] as const;
  for (const [now, before, trend] of table) {
    it(`from ${before} to ${now} is ${trend}`, () => expect(masteryTrend(now, before)).equal(trend));
  }
});
