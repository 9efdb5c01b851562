import { expect } from 'chai';
import fc from 'fast-check';
import { groupLearners } from '@studyin/domain/services';
import { idOf } from '@studyin/testkit/test-domain';

const sized = (answers: readonly number[]) =>
  answers.map((own, n) => ({ userId: idOf('sized learner', n), answers: own }));

describe('groups of learners', () => {
  it('have at most 25 learners', () => {
    expect(groupLearners(sized(Array.from({ length: 51 }, () => 3))).map((group) => group.length)).eql([25, 25, 1]);
  });

  it('have at most 20,000 answers, unless a learner alone has more', () => {
    const groups = groupLearners(sized([12_000, 8_000, 1, 90_000, 5, 19_995, 1]));
    expect(groups.map((group) => group.length)).eql([2, 1, 1, 2, 1]);
  });

  it('are none of nobody', () => {
    expect(groupLearners([])).eql([]);
  });

  it('name every learner once, in order, within both limits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30_000), { maxLength: 300 }), (answers) => {
        const learners = sized(answers);
        const groups = groupLearners(learners);
        expect(groups.flat()).eql(learners.map(({ userId }) => userId));
        const own = new Map(learners.map((learner) => [learner.userId, learner.answers]));
        for (const group of groups) {
          expect(group.length).within(1, 25);
          const sum = group.reduce((all, userId) => all + (own.get(userId) ?? 0), 0);
          if (group.length > 1) expect(sum).most(20_000);
        }
      }),
    );
  });
});
