import { expect } from 'chai';
import fc from 'fast-check';
import { differenceInterval, groupedShare, studentQuantile, wilsonInterval } from '@studyin/domain/algorithms';
import type { AnswerGroup, GroupedShare } from '@studyin/domain/algorithms';
import { createDice } from '@studyin/testkit/dice';

const Z95 = 1.959964;

describe("Wilson's interval", () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
  const table = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [right, n, lower, upper] of table) {
    it(`of ${right} in ${n} is the published one`, () => {
      const interval = wilsonInterval(right / n, n, Z95);
      expect(interval.lower).closeTo(lower, 5e-5);
      expect(interval.upper).closeTo(upper, 5e-5);
    });
  }
});

describe("Student's quantile", () => {
  // Published tables of the two-sided 95% and 99.9% points.
  const table = [
    [0.975, 1, 12.7062],
    [0.975, 2, 4.3027],
    [0.975, 4, 2.7764],
    [0.975, 10, 2.2281],
    [0.975, 1e9, 1.96],
    [0.9995, 4, 8.6103],
    [0.9995, 10, 4.5869],
    [0.9995, 30, 3.646],
  ] as const;
  for (const [p, freedom, quantile] of table) {
    it(`at ${p} with ${freedom} degrees of freedom is ${quantile}`, () => {
      const tolerance = p > 0.999 && freedom < 5 ? 0.1 : 0.01;
      expect(studentQuantile(p, freedom) / quantile).closeTo(1, tolerance);
    });
  }
});

const groups = fc.array(
  fc
    .integer({ min: 0, max: 30 })
    .chain((answers) => fc.record({ answers: fc.constant(answers), correct: fc.nat(answers) })),
  { maxLength: 20 },
);

function shareOf(given: readonly AnswerGroup[], confidence?: number): GroupedShare {
  const share = groupedShare(given, confidence);
  if (share === null) throw new Error('no share');
  return share;
}

describe('a share of grouped answers', () => {
  it('lies within its interval, which lies within 0 and 1 and is wider for more confidence', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const share = groupedShare(given);
        const tried = given.filter(({ answers }) => answers > 0);
        expect(share === null).equal(tried.length < 2);
        if (share === null) return;
        expect(share.share).equal(share.correct / share.answers);
        expect(share.lower).least(0).most(share.share);
        expect(share.upper).most(1).least(share.share);
        expect(share.effectiveAnswers).most(share.answers);
        const surer = shareOf(given, 0.99);
        expect(surer.lower).most(share.lower);
        expect(surer.upper).least(share.upper);
      }),
    );
  });

  it('does not depend on the order of the groups', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const [share, reversed] = [groupedShare(given), groupedShare(given.toReversed())];
        expect(reversed?.share).equal(share?.share);
        if (share !== null) expect(reversed?.lower).closeTo(share.lower, 1e-12);
      }),
    );
  });

  it('tells less the more the answers of a group resemble each other', () => {
    const alike = shareOf([10, 0, 10, 0, 10, 0].map((correct) => ({ answers: 10, correct })));
    const mixed = shareOf([5, 5, 5, 5, 5, 5].map((correct) => ({ answers: 10, correct })));
    expect(mixed.effectiveAnswers).equal(60);
    // Σ (xᵢ − 5)² = 150; 6/5 · 150/3600 against .25/60
    expect(alike.effectiveAnswers).closeTo(60 / 12, 1e-9);
  });

  it('holds the truth in about 95 of 100 draws, of independent answers and of days good and bad', () => {
    const dice = createDice(20261122);
    for (const swing of [0, 0.25]) {
      let held = 0;
      for (let draw = 0; draw < 1_000; draw += 1) {
        const days = Array.from({ length: 8 }, () => {
          const p = 0.6 + (dice.chance(0.5) ? swing : -swing);
          const answers = dice.int(5, 25);
          return { answers, correct: Array.from({ length: answers }, () => dice.chance(p)).filter(Boolean).length };
        });
        const { lower, upper } = shareOf(days);
        if (lower <= 0.6 && upper >= 0.6) held += 1;
      }
      expect(held / 1_000, `swing ${swing}`).greaterThan(0.93);
    }
  });
});

describe('the interval of a difference', () => {
  it('is the published one for independent answers', () => {
    // Newcombe 1998 (873–890), table II: 56/70 against 48/80 by method 10 is .0524 to .3339.
    const of = (correct: number, answers: number): GroupedShare => ({
      answers,
      correct,
      share: correct / answers,
      effectiveAnswers: answers,
      ...wilsonInterval(correct / answers, answers, Z95),
    });
    const { difference, lower, upper } = differenceInterval(of(56, 70), of(48, 80));
    expect(difference).closeTo(0.2, 1e-12);
    expect(lower).closeTo(0.0524, 5e-5);
    expect(upper).closeTo(0.3339, 5e-5);
  });

  it('of the two sides swapped is its mirror image', () => {
    fc.assert(
      fc.property(groups, groups, (first, second) => {
        const [a, b] = [groupedShare(first), groupedShare(second)];
        fc.pre(a !== null && b !== null);
        if (a === null || b === null) return;
        const [there, back] = [differenceInterval(a, b), differenceInterval(b, a)];
        expect(back.lower).closeTo(-there.upper, 1e-12);
        expect(there.lower).most(there.difference);
      }),
    );
  });
});
