import { expect } from 'chai';
import { gapCurriculum, gapInputOf, type GapOutline, type GapProgress } from '@studyin/domain/algorithms';

const node = (id: string, parentId: string | null = null, rest: object = {}) => ({
  id,
  parentId,
  examWeight: 5,
  blocksCount: 0,
  estimatedStudyHours: null,
  ...rest,
});

const outline: GapOutline = {
  topics: [
    node('exam'),
    node('heart', 'exam'),
    node('a', 'heart'),
    node('b', 'heart'),
    node('c', 'exam'),
    node('bare', 'exam'),
  ],
  prerequisites: [
    { from: 'heart', to: 'c' },
    { from: 'a', to: 'c' },
    { from: 'a', to: 'b' },
  ],
  questions: [{ topicId: 'a' }, { topicId: 'a' }, { topicId: 'a' }, { topicId: 'b' }, { topicId: 'heart' }],
  materials: [
    { id: 'video', topicId: 'c' },
    { id: 'reading', topicId: 'c' },
  ],
};

const progress = (topicId: string, masteryScore: number | null, attempts = 1): GapProgress => ({
  topicId,
  masteryScore,
  evidence: 'enough',
  attempts,
  correct: 0,
  firstAttempts: 1,
});

describe('the topics of gaps', () => {
  const curriculum = gapCurriculum(outline);
  const scoreOf = (id: string, rows: readonly GapProgress[]): number | null | undefined =>
    gapInputOf(curriculum, rows).progress.find(({ topicId }) => topicId === id)?.masteryScore;

  it('are the leaves, with their questions, materials and prerequisites', () => {
    const leaves = curriculum.leaves.map(({ topicId, questionsCount, materialIds, prerequisiteIds }) => [
      topicId,
      questionsCount,
      materialIds,
      prerequisiteIds,
    ]);
    expect(leaves).to.deep.equal([
      ['a', 3, [], []],
      ['b', 1, [], ['a']],
      ['c', 0, ['video', 'reading'], ['heart', 'a']],
      ['bare', 0, [], []],
    ]);
  });

  it('have questions, materials or an answer of the learner', () => {
    const idsOf = (rows: readonly GapProgress[]) => gapInputOf(curriculum, rows).topics.map(({ topicId }) => topicId);
    expect(idsOf([])).to.deep.equal(['a', 'b', 'c']);
    expect(idsOf([progress('bare', null, 0)])).to.deep.equal(['a', 'b', 'c']);
    expect(idsOf([progress('bare', 0.2)])).to.deep.equal(['a', 'b', 'c', 'bare']);
  });

  it('count a prerequisite with topics below it as their mean by question count, untried ones as 0', () => {
    expect(scoreOf('heart', [progress('a', 0.8), progress('b', 0.4)])).to.be.closeTo((3 * 0.8 + 0.4) / 4, 1e-12);
    expect(scoreOf('heart', [progress('a', 0.8)])).to.be.closeTo(0.6, 1e-12);
    expect(scoreOf('heart', [])).to.equal(0);
    expect(scoreOf('heart', [progress('heart', 0.9)])).to.equal(0);
    expect(scoreOf('exam', [])).to.equal(undefined);
  });

  it('weigh the same where none of them has a question', () => {
    const unasked = gapCurriculum({ ...outline, questions: [] });
    const heart = gapInputOf(unasked, [progress('a', 0.8)]).progress.find(({ topicId }) => topicId === 'heart');
    expect(heart?.masteryScore).to.equal(0.4);
  });
});
