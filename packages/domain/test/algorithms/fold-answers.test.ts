import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptyLearnerState,
  foldAnswers,
  masteryV2,
  materialProgressAt,
  mergeTopicDays,
  plainRules,
  predictAnswers,
  startWalk,
  type Answer,
  type MaterialsByTopic,
} from '@studyin/domain/algorithms';
import { modelArbitrary } from './model-answers.ts';

const HOUR = 3_600_000;
const materials: MaterialsByTopic = new Map([
  ['t0', { total: 3, completedAtMs: [10 * HOUR, 200 * HOUR] }],
  ['t1', { total: 1, completedAtMs: [] }],
]);

// Study days may go back as time goes on: a learner who flies west lives a date twice.
const answersArbitrary = fc
  .array(
    fc.record({
      hour: fc.nat({ max: 300 }),
      dayShift: fc.integer({ min: -1, max: 1 }),
      question: fc.nat({ max: 5 }),
      topic: fc.nat({ max: 2 }),
      isCorrect: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list
      .toSorted((a, b) => a.hour - b.hour)
      .map(({ hour, dayShift, question, topic, isCorrect }, index): Answer => {
        const date = new Date(Date.UTC(2026, 0, 2) + hour * HOUR + dayShift * 24 * HOUR);
        return {
          id: String(index).padStart(4, '0'),
          atMs: hour * HOUR,
          studyDay: date.toISOString().slice(0, 10),
          questionId: `q${question}`,
          topicId: `t${topic}`,
          isCorrect,
          timeToAnswerSeconds: 7,
        };
      }),
  );

/** Mission's formula from the plain list of answers, without a state. */
function scoreByHand(answers: readonly Answer[], topicId: string, atMs: number): number | null {
  const inTopic = answers.filter((one) => one.topicId === topicId);
  const last = inTopic.at(-1);
  if (last === undefined) return null;
  const firsts = inTopic.filter((one) => answers.find((any) => any.questionId === one.questionId) === one);
  const right = inTopic.filter((one) => one.isCorrect).length;
  const firstRight = firsts.filter((one) => one.isCorrect).length;
  const ewma = inTopic.reduce((e, one) => e * 0.7 + (one.isCorrect ? 0.3 : 0), 0.5);
  const halfLife = 2 ** Math.min(8, Math.max(-8, 2 * right - inTopic.length));
  const retrieval = ewma * 0.5 ** ((atMs - last.atMs) / 24 / HOUR / halfLife);
  const firstAccuracy = firsts.length === 0 ? 0 : firstRight / firsts.length;
  const sum = 0.3 * firstAccuracy + (0.2 * right) / inTopic.length + 0.3 * retrieval;
  const shelf = materials.get(topicId);
  if (shelf === undefined) return sum / 0.8;
  return sum + (0.2 * shelf.completedAtMs.filter((completed) => completed <= atMs).length) / shelf.total;
}

function expectScore(actual: number | null | undefined, expected: number | null): void {
  if (expected === null) expect(actual).equal(null);
  else expect(actual).closeTo(expected, 1e-9);
}

const sortDays = <Day extends { topicId: string; studyDay: string }>(days: readonly Day[]): readonly Day[] =>
  days.toSorted((a, b) => `${a.studyDay} ${a.topicId}`.localeCompare(`${b.studyDay} ${b.topicId}`));

describe('folding answers', () => {
  it('gives each topic and study day the mastery before its first and after its last answer', () => {
    fc.assert(
      fc.property(answersArbitrary, (answers) => {
        const { topicDays } = foldAnswers(emptyLearnerState, answers, { ...plainRules, materials });
        const touched = new Set(answers.map((one) => `${one.topicId} ${one.studyDay}`));
        expect(topicDays).to.have.length(touched.size);
        for (const day of topicDays) {
          const ofDay = answers.filter((one) => one.topicId === day.topicId && one.studyDay === day.studyDay);
          const first = ofDay[0];
          const last = ofDay.at(-1);
          if (first === undefined || last === undefined) throw new Error(`no answer on ${day.studyDay}`);
          expectScore(
            day.masteryBefore,
            scoreByHand(answers.slice(0, answers.indexOf(first)), day.topicId, first.atMs),
          );
          expectScore(
            day.masteryAfter,
            scoreByHand(answers.slice(0, answers.indexOf(last) + 1), day.topicId, last.atMs),
          );
          expect(day).include({ attempts: ofDay.length, correct: ofDay.filter((one) => one.isCorrect).length });
        }
      }),
    );
  });

  it('keeps of each question its first and last attempt and the counts', () => {
    fc.assert(
      fc.property(answersArbitrary, (answers) => {
        const { state } = foldAnswers(emptyLearnerState, answers, { ...plainRules, materials });
        expect(state.answers).equal(answers.length);
        expect(state.questions.size).equal(new Set(answers.map((one) => one.questionId)).size);
        for (const [questionId, question] of state.questions) {
          const attempts = answers.filter((one) => one.questionId === questionId);
          const [first, last] = [attempts[0], attempts.at(-1)];
          const { theta, ...told } = question;
          expect(theta).satisfies(Number.isFinite);
          expect(told).eql({
            topicId: first?.topicId,
            attempts: attempts.length,
            correct: attempts.filter((one) => one.isCorrect).length,
            firstId: first?.id,
            firstAtMs: first?.atMs,
            firstStudyDay: first?.studyDay,
            firstCorrect: first?.isCorrect,
            lastId: last?.id,
            lastAtMs: last?.atMs,
            lastStudyDay: last?.studyDay,
            lastCorrect: last?.isCorrect,
          });
        }
      }),
    );
  });

  it('in two parts is the same as at once, under any version of the mastery model', () => {
    fc.assert(
      fc.property(answersArbitrary, fc.nat({ max: 40 }), modelArbitrary, (answers, cut, model) => {
        const whole = foldAnswers(emptyLearnerState, answers, { materials, model });
        const one = foldAnswers(emptyLearnerState, answers.slice(0, cut), { materials, model });
        const two = foldAnswers(one.state, answers.slice(cut), { materials, model });
        expect(two.state).eql(whole.state);
        expect(sortDays(mergeTopicDays(one.topicDays, two.topicDays))).eql(sortDays(whole.topicDays));
      }),
    );
  });

  it('estimates what one walk over the answers does, and scores its days by the version that counts', () => {
    fc.assert(
      fc.property(answersArbitrary, modelArbitrary, (answers, model) => {
        const { state, topicDays } = foldAnswers(emptyLearnerState, answers, { materials, model });
        const walk = startWalk(model);
        for (const answer of answers) walk.take(answer, walk.standingBefore(answer));
        for (const [topicId, { theta, recent, learnerTheta, lastAtMs }] of state.topics) {
          const { topic, learner } = walk.standingBefore({ topicId, questionId: '' });
          expect({ theta, recent, learnerTheta, lastAtMs }).eql(topic);
          expect({ theta: state.theta, answers: state.answers }).eql(learner);
        }
        for (const [questionId, { theta, lastAtMs }] of state.questions) {
          expect({ theta, lastAtMs }).eql(walk.standingBefore({ topicId: '', questionId }).question);
        }
        for (const day of topicDays) {
          const own = answers.filter(({ topicId }) => topicId === day.topicId);
          if (own.every(({ studyDay }) => studyDay === day.studyDay)) {
            const last = own.at(-1)?.atMs ?? 0;
            const standing = walk.standingBefore({ topicId: day.topicId, questionId: '' });
            expect(day.masteryAfter).closeTo(masteryV2(model.coefficients, standing, last), 1e-12);
          }
        }
      }),
    );
  });

  it('leaves the state it started from as it was', () => {
    const answer = {
      id: 'a',
      atMs: 1,
      studyDay: '2026-01-01',
      questionId: 'q',
      topicId: 't',
      isCorrect: true,
      timeToAnswerSeconds: 1,
    };
    const { state } = foldAnswers(emptyLearnerState, [answer], plainRules);
    foldAnswers(state, [{ ...answer, id: 'b' }], plainRules);
    expect(emptyLearnerState.topics.size + emptyLearnerState.questions.size).equal(0);
    expect(state.topics.get('t')?.attempts).equal(1);
    expect(state.cursor).eql({ atMs: 1, id: 'a' });
  });

  it('counts a question in the topic of its first attempt alone', () => {
    const answer = {
      id: 'a',
      atMs: 1,
      studyDay: '2026-01-01',
      questionId: 'q',
      topicId: 't',
      isCorrect: true,
      timeToAnswerSeconds: 1,
    };
    const { state } = foldAnswers(emptyLearnerState, [answer, { ...answer, id: 'b', topicId: 'u' }], plainRules);
    expect(state.topics.get('t')?.questions).equal(1);
    expect(state.topics.get('u')?.questions).equal(0);
  });

  it('refuses answers out of canonical order, repeated, or not after the cursor', () => {
    const answer = {
      id: 'b',
      atMs: 5,
      studyDay: '2026-01-01',
      questionId: 'q',
      topicId: 't',
      isCorrect: true,
      timeToAnswerSeconds: 1,
    };
    const fold = (...answers: readonly Answer[]) => foldAnswers(emptyLearnerState, answers, plainRules);
    expect(() => fold(answer, answer)).throw(RangeError, 'answer b at 5 does not come after b at 5');
    expect(() => fold(answer, { ...answer, id: 'a' })).throw(RangeError);
    expect(() => fold(answer, { ...answer, id: 'c', atMs: 4 })).throw(RangeError);
    expect(() => foldAnswers(fold(answer).state, [answer], plainRules)).throw(RangeError);
    expect(() => predictAnswers([answer, answer], new Map())).throw(RangeError);
    expect(fold(answer, { ...answer, id: 'c' }).state.answers).equal(2);
  });
});

describe('the prequential forecast', () => {
  it('is the mastery by the answers before alone', () => {
    fc.assert(
      fc.property(answersArbitrary, (answers) => {
        const predictions = predictAnswers(answers, materials);
        expect(predictions).to.have.length(answers.length);
        for (const [index, answer] of answers.entries()) {
          const expected = scoreByHand(answers.slice(0, index), answer.topicId, answer.atMs);
          expectScore(predictions[index]?.score, expected);
          expect(predictions[index]).include({ isCorrect: answer.isCorrect, practised: expected !== null });
        }
      }),
    );
  });
});

describe('the progress in materials', () => {
  it('counts those completed by the time, the instant itself included', () => {
    const shelf = { total: 4, completedAtMs: [10, 20, 20, 30] };
    const completed = [9, 10, 19, 20, 30, 99].map((atMs) => materialProgressAt(shelf, atMs).completed);
    expect(completed).eql([0, 1, 1, 3, 4, 4]);
    expect(materialProgressAt(undefined, 5)).eql({ total: 0, completed: 0 });
  });
});
