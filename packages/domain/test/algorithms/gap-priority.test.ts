import { expect } from 'chai';
import fc from 'fast-check';
import { explainGap, type GapFacts } from '@studyin/domain/algorithms';

const facts = (changes: Partial<GapFacts>): GapFacts => ({
  masteryScore: 0.5,
  examWeight: 5,
  blocksCount: 0,
  untriedShare: 0,
  recentFailureRate: null,
  ...changes,
});

const shareArbitrary = fc.double({ min: 0, max: 1, noNaN: true });
const factsArbitrary: fc.Arbitrary<GapFacts> = fc.record({
  masteryScore: fc.option(shareArbitrary),
  examWeight: fc.double({ min: 0, max: 10, noNaN: true }),
  blocksCount: fc.nat({ max: 500 }),
  untriedShare: shareArbitrary,
  recentFailureRate: fc.option(shareArbitrary),
});
const untriedFacts = { masteryScore: null, untriedShare: 1, recentFailureRate: null };

describe('the priority of a gap', () => {
  it("by version 1 is the mission's formula to the letter", () => {
    const table: readonly (readonly [Partial<GapFacts>, number])[] = [
      [{ masteryScore: 0.25, examWeight: 7.5, blocksCount: 4, recentFailureRate: 0.5 }, 2.25 + 15 + 4 + 0.75],
      [{ masteryScore: 1, examWeight: 0 }, 0],
      [{ masteryScore: null, examWeight: 0 }, 3],
      [{ masteryScore: 0, examWeight: 10, blocksCount: 12, recentFailureRate: 1 }, 3 + 20 + 12 + 1.5],
    ];
    for (const [changes, score] of table) expect(explainGap(facts(changes), 1).score).equal(score);
    fc.assert(
      fc.property(factsArbitrary, (some) => {
        const { masteryScore, examWeight, blocksCount, recentFailureRate } = some;
        const gapScore = 1 - (masteryScore ?? 0);
        const expected = gapScore * 3.0 + examWeight * 2.0 + blocksCount + (recentFailureRate ?? 0) * 1.5;
        expect(explainGap(some, 1).score).equal(expected);
      }),
    );
  });

  it('by version 1 puts a mastered topic of weight 10 above an unknown one of weight 8, by version 2 does not', () => {
    const mastered = facts({ masteryScore: 1, examWeight: 10 });
    const unknown = facts({ ...untriedFacts, examWeight: 8 });
    expect([explainGap(mastered, 1).score, explainGap(unknown, 1).score]).deep.equal([20, 19]);
    expect(explainGap(mastered, 2).score).below(explainGap(unknown, 2).score);
  });

  it('by version 2 is need times importance, worked out by hand', () => {
    const { score, terms, importance } = explainGap(
      facts({ masteryScore: 0.4, examWeight: 8, blocksCount: 4, untriedShare: 0.5, recentFailureRate: 0.25 }),
    );
    // need = 0.6 (0.5 + 0.3 · 0.5 + 0.2 · 0.25) = 0.42; importance = 0.15 + 0.56 + 0.075 = 0.785
    expect(score).closeTo(0.42 * 0.785, 1e-12);
    expect(terms.map(({ code }) => code)).deep.equal(['mastery', 'untried', 'failures']);
    expect(importance.map(({ code }) => code)).deep.equal(['base', 'exam_weight', 'prerequisite']);
  });

  it('is the sum of its terms to the bit, also when they went through JSON', () => {
    fc.assert(
      fc.property(factsArbitrary, fc.constantFrom(1 as const, 2 as const), (some, version) => {
        const explained = explainGap(some, version);
        const { score, terms } = JSON.parse(JSON.stringify(explained)) as typeof explained;
        let sum = 0;
        for (const { value, factor, contribution } of terms) {
          expect(contribution).equal(value * factor);
          sum += contribution;
        }
        expect(sum).equal(score);
        expect(explained.version).equal(version);
      }),
    );
  });

  it('by version 2 has every part and the score between 0 and 1', () => {
    fc.assert(
      fc.property(factsArbitrary, (some) => {
        const { score, terms, importance } = explainGap(some);
        for (const { value, factor, contribution } of terms) {
          for (const part of [value, factor, contribution]) expect(part).within(0, 1);
        }
        for (const { contribution } of importance) expect(contribution).within(0, 1);
        expect(score).within(0, 1 + 1e-12);
      }),
    );
  });

  it('by version 2 never puts a mastered topic above an untried one of near weight', () => {
    const masteredArbitrary = fc.record({
      masteryScore: fc.double({ min: 0.8, max: 1, noNaN: true }),
      examWeight: fc.double({ min: 0, max: 10, noNaN: true }),
      blocksCount: fc.nat({ max: 1_000_000 }),
      untriedShare: shareArbitrary,
      recentFailureRate: fc.option(shareArbitrary),
    });
    const lighterArbitrary = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(masteredArbitrary, lighterArbitrary, fc.nat({ max: 5 }), (mastered, lighter, blocksCount) => {
        const examWeight = Math.min(10, Math.max(0, mastered.examWeight - lighter));
        const untried = { ...untriedFacts, examWeight, blocksCount };
        expect(explainGap(mastered).score).below(explainGap(untried).score);
      }),
      { numRuns: 2000 },
    );
    // The worst case: all that a mastered topic can have against it, all that an untried one can lack.
    for (let weight = 4; weight <= 10; weight += 0.5) {
      const mastered = {
        masteryScore: 0.8,
        examWeight: weight,
        blocksCount: 1e9,
        untriedShare: 1,
        recentFailureRate: 1,
      };
      const untried = { ...untriedFacts, examWeight: weight - 4, blocksCount: 0 };
      expect(explainGap(mastered).score).below(explainGap(untried).score);
    }
  });

  it('by version 2 rises with need and with importance', () => {
    fc.assert(
      fc.property(factsArbitrary, shareArbitrary, (some, more) => {
        const { score } = explainGap(some);
        const { masteryScore, examWeight, untriedShare, recentFailureRate } = some;
        const raised: readonly Partial<GapFacts>[] = [
          { masteryScore: (masteryScore ?? 0) * (1 - more) },
          { examWeight: examWeight + (10 - examWeight) * more },
          { blocksCount: some.blocksCount + 1 },
          { untriedShare: untriedShare + (1 - untriedShare) * more },
          { recentFailureRate: (recentFailureRate ?? 0) + (1 - (recentFailureRate ?? 0)) * more },
        ];
        for (const changes of raised) expect(explainGap({ ...some, ...changes }).score).at.least(score - 1e-12);
      }),
    );
  });
});
