import { expect } from 'chai';
import {
  emptyTopicState,
  evidenceOf,
  foldAnswer,
  masteryV1,
  masteryV1Terms,
  retrievalStrength,
} from '@studyin/domain/algorithms';
import type { TopicState } from '@studyin/domain/algorithms';
import { getPage, partOf, rowsOf } from './pages.ts';

const page = getPage('docs/algorithms.md');
const answers = rowsOf(partOf(page, 'worked-example:answers'));
const score = rowsOf(partOf(page, 'worked-example:score'));
const completedAtMs = Date.parse(/completed at (\S+), one day/.exec(page.text)?.[1] ?? '');
const materials = { total: 2, completed: 1 };

function states(): readonly TopicState[] {
  const seen = new Set<string>();
  const after: TopicState[] = [];
  for (const [time = '', question = '', right, seconds] of answers) {
    const isFirstAttempt = !seen.has(question);
    seen.add(question);
    const answer = {
      isCorrect: right === 'yes',
      isFirstAttempt,
      atMs: Date.parse(time),
      timeToAnswerSeconds: Number(seconds),
    };
    after.push(foldAnswer(after.at(-1) ?? emptyTopicState, answer));
  }
  return after;
}

const valueOf = (term: string, column: number): number => Number(score.find(([name]) => name === term)?.[column]);

describe('the worked example of the algorithms page', () => {
  const after = states();
  const last = after.at(-1) ?? emptyTopicState;

  it('shows E after each answer', () => {
    expect(after).to.have.length(4);
    for (const [index, state] of after.entries()) expect(Number(answers[index]?.[4])).to.be.closeTo(state.ewma, 1e-9);
  });

  it('shows the terms and the score', () => {
    const terms = masteryV1Terms(last, completedAtMs, materials);
    expect(valueOf('first-attempt accuracy', 3)).to.be.closeTo(terms?.firstAttempt ?? NaN, 5e-7);
    expect(valueOf('overall accuracy', 3)).to.be.closeTo(terms?.overall ?? NaN, 5e-7);
    expect(valueOf('retrieval strength', 3)).to.be.closeTo(terms?.retrieval ?? NaN, 5e-7);
    expect(valueOf('material completion', 3)).to.be.closeTo(terms?.material ?? NaN, 5e-7);
    expect(valueOf('retrieval strength', 1)).to.be.closeTo(retrievalStrength(last, completedAtMs), 5e-7);
    expect(valueOf('mastery', 3)).to.be.closeTo(masteryV1(last, completedAtMs, materials) ?? NaN, 5e-7);
  });

  it('shows terms that are value by weight', () => {
    for (const [name, value, weight, term] of score.filter(([name]) => name !== 'mastery')) {
      expect(Number(value) * Number(weight), name).to.be.closeTo(Number(term), 1e-6);
    }
  });

  it('has enough evidence', () => {
    expect(evidenceOf(last)).to.equal('enough');
  });
});
