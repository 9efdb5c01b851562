import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptyTopicState,
  explainGap,
  explainGapTerms,
  explainImportance,
  explainMasteryV1,
  foldAnswer,
  masteryV1,
  type MasteryTerm,
} from '@studyin/domain/algorithms';

const DAY = 86_400_000;

const stateOf = (answers: readonly boolean[]) =>
  answers.reduce(
    (state, isCorrect, n) =>
      foldAnswer(state, { isCorrect, isFirstAttempt: n % 3 !== 2, atMs: n * DAY, timeToAnswerSeconds: 1 }),
    emptyTopicState,
  );

const sumOf = (terms: readonly { readonly contribution: number }[]): number =>
  terms.reduce((sum, { contribution }) => sum + contribution, 0);

describe('explanations', () => {
  it('of mastery add up to the score to the bit, each term value by weight', () => {
    const materials = fc.nat(5).chain((total) => fc.record({ total: fc.constant(total), completed: fc.nat(total) }));
    const cases = fc.tuple(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(50), materials);
    fc.assert(
      fc.property(cases, ([answers, days, progress]) => {
        const state = stateOf(answers);
        const atMs = (answers.length + days) * DAY;
        const terms: readonly MasteryTerm[] = explainMasteryV1(state, atMs, progress) ?? [];
        expect(sumOf(terms)).to.equal(masteryV1(state, atMs, progress));
        for (const { value, weight, contribution } of terms) expect(weight * value).to.equal(contribution);
      }),
    );
  });

  it('of mastery are sentences', () => {
    const texts = (completed: number, total: number) =>
      explainMasteryV1(stateOf([true, false, true]), 2 * DAY, { total, completed })?.map(({ text }) => text);
    expect(texts(1, 2)).to.deep.equal([
      '1 of 2 questions right at the first attempt.',
      '2 of 3 answers right.',
      'Of what was last known, 62% can be recalled.',
      '1 of 2 materials completed.',
    ]);
    expect(texts(0, 0)?.at(-1)).to.equal('The topic has no materials: the other terms count for all.');
    expect(explainMasteryV1(emptyTopicState, 0, { total: 0, completed: 0 })).to.equal(null);
  });

  const facts = { masteryScore: 0.25, examWeight: 8.25, blocksCount: 1, untriedShare: 0.5, recentFailureRate: 0.4 };

  it('of a gap are its terms with sentences', () => {
    for (const version of [1, 2] as const) {
      const gap = explainGap(facts, version);
      const terms = explainGapTerms(gap);
      expect(terms.map(({ text: _text, ...term }) => term)).to.deep.equal(gap.terms);
      expect(sumOf(terms)).to.equal(gap.score);
    }
    expect(explainGapTerms(explainGap(facts, 1)).map(({ text }) => text)).to.deep.equal([
      'Mastery lacks 75%.',
      'Exam weight 8.3 of 10.',
      '1 topic builds on it.',
      '40% of the recent answers were wrong.',
    ]);
    expect(explainGapTerms(explainGap(facts, 2)).map(({ text }) => text)).to.deep.equal([
      'Mastery lacks 75%.',
      'What mastery lacks, times the share of questions never tried, is 38%.',
      'What mastery lacks, times the share of recent answers that were wrong, is 30%.',
    ]);
  });

  it("of a gap's importance are its parts with sentences", () => {
    expect(explainImportance(explainGap(facts).importance).map(({ code, text }) => [code, text])).to.deep.equal([
      ['base', 'What every topic counts.'],
      ['exam_weight', 'What its weight in the exam counts.'],
      ['prerequisite', 'What the topics that build on it count.'],
    ]);
    expect(explainImportance(explainGap(facts, 1).importance)).to.deep.equal([]);
  });
});
