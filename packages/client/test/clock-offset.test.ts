import { expect } from 'chai';
import fc from 'fast-check';
import { learnOffset } from '../src/clock-offset.ts';

describe('the offset of the clock', () => {
  it('is learned within half the time that the answer took', () => {
    const ms = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(
        fc.integer({ min: -1e10, max: 1e10 }),
        ms(30_000),
        ms(30_000),
        ms(1e10),
        (offsetMs, there, back, knownMs) => {
          const sentAtMs = 1.7e12;
          const reading = {
            sentAtMs,
            serverTimeMs: sentAtMs + there + offsetMs,
            receivedAtMs: sentAtMs + there + back,
          };
          const learnedMs = learnOffset(knownMs, reading);
          expect(Math.abs(learnedMs - offsetMs)).at.most(there + back);
          if (learnedMs !== knownMs) expect(Math.abs(learnedMs - offsetMs)).at.most((there + back) / 2 + 1);
          expect(learnOffset(learnedMs, reading), 'the second time').equal(learnedMs);
        },
      ),
    );
  });

  it('stays as it is while answers agree with it', () => {
    const agreeing = { sentAtMs: 1000, receivedAtMs: 1200, serverTimeMs: 1100 };
    expect(learnOffset(0, agreeing)).equal(0);
    expect(learnOffset(100, agreeing)).equal(100);
    expect(learnOffset(101, agreeing)).equal(0);
  });

  it('learns nothing from an answer without a time, nor while the clock is set', () => {
    expect(learnOffset(7, { sentAtMs: 0, receivedAtMs: 10, serverTimeMs: NaN })).equal(7);
    expect(learnOffset(7, { sentAtMs: 5000, receivedAtMs: 10, serverTimeMs: 9000 })).equal(7);
  });
});
