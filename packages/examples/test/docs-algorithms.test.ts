import { expect } from 'chai';
import {
  difficultyOf,
  emptyTopicState,
  evidenceOf,
  explainGap,
  foldAnswer,
  foldReviews,
  gapSeverity,
  masteryV2,
  masteryV2Terms,
  moveAbility,
  newLearner,
  newTopic,
  topicFeatures,
  topicTerms,
  masteryV1,
  masteryV1Terms,
  retrievalStrength,
} from '@studyin/domain/algorithms';
import type {
  LearnerAbility,
  QuestionAbility,
  ReviewAnswer,
  TopicAbility,
  TopicState,
} from '@studyin/domain/algorithms';
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

describe('the worked example of mastery version 2', () => {
  const moves = rowsOf(partOf(page, 'worked-example:ability'));
  const termRows = rowsOf(partOf(page, 'worked-example:mastery-v2'));
  const [, allRight, all, topicRight, topicAll, ...ofQuestions] = (
    /counted ([\d,]+) right answers of ([\d,]+), in the topic (\d+) of (\d+), to question 1 (\d+) of (\d+) and to question 2 (\d+) of (\d+)/.exec(
      page.text,
    ) ?? []
  ).map((text) => Number(text.replace(',', '')));
  const [right1 = NaN, total1 = NaN, right2 = NaN, total2 = NaN] = ofQuestions;
  const counts = {
    all: { right: allRight ?? NaN, total: all ?? NaN },
    topics: new Map([['topic', { right: topicRight ?? NaN, total: topicAll ?? NaN }]]),
    questions: new Map([
      ['1', { right: right1, total: total1 }],
      ['2', { right: right2, total: total2 }],
    ]),
  };
  let learner: LearnerAbility = newLearner;
  let topic: TopicAbility = newTopic;
  const questions = new Map<string, QuestionAbility>();

  it('shows what each answer moves', () => {
    expect(moves).to.have.length(3);
    for (const [time = '', question = '', right, ...numbers] of moves) {
      const difficulty = difficultyOf(counts, { questionId: question, topicId: 'topic' });
      const moved = moveAbility({ difficulty, learner, topic, question: questions.get(question) }, right === 'yes');
      const surprise = (moved.topic.theta - topic.theta) / 0.2;
      learner = moved.learner;
      topic = { ...moved.topic, lastAtMs: Date.parse(time) };
      questions.set(question, { ...moved.question, lastAtMs: Date.parse(time) });
      const { theta, recent } = topic;
      const now = [difficulty.question, surprise, learner.theta, theta, recent, moved.question.theta];
      expect(numbers).to.deep.equal(now.map((value, n) => value.toFixed(n === 0 || n === 4 ? 4 : 6)));
    }
  });

  it('shows the terms, what they add up to and the score', () => {
    const shown = termRows.slice(0, -1);
    expect(shown.map(([name]) => name)).to.deep.equal(topicTerms);
    const coefficients = { question: [], topic: shown.map(([, , coefficient]) => Number(coefficient)) };
    const standing = { difficulty: difficultyOf(counts, { questionId: '1', topicId: 'topic' }), learner, topic };
    const atMs = Date.parse(/Mastery at (\S+), a day later/.exec(page.text)?.[1] ?? '');
    const values = topicFeatures(standing, atMs);
    const terms = masteryV2Terms(coefficients, standing, atMs);
    for (const [n, [, value, , logOdds]] of shown.entries()) {
      expect(Number(value)).to.be.closeTo(values[n] ?? NaN, 5e-7);
      expect(Number(logOdds)).to.be.closeTo(terms[n] ?? NaN, 5e-7);
    }
    const sum = terms.reduce((total, term) => total + term, 0);
    expect(page.text).to.include(`The log-odds add up to ${sum.toFixed(6)}`);
    expect(termRows.at(-1)?.[3]).to.equal(masteryV2(coefficients, standing, atMs).toFixed(6));
  });
});

describe('the worked example of schedules', () => {
  const rows = rowsOf(partOf(page, 'worked-example:reviews'));
  const reviewed = rows.map(([studyDay = '', right, hint], n): ReviewAnswer => ({
    id: String(n),
    atMs: Date.parse(studyDay) + n,
    studyDay,
    isCorrect: right === 'yes',
    timeToAnswerSeconds: 60,
    confidenceLevel: null,
    hintUsed: hint === 'yes',
    explanationViewed: false,
  }));

  it('shows what each scheduler makes of each answer', () => {
    expect(rows).to.have.length(5);
    for (const [n, row] of rows.entries()) {
      const answered = reviewed.slice(0, n + 1);
      const [fsrs, seed, sm2] = (['fsrs-6', 'sm2-seed', 'sm2'] as const).map((one) => foldReviews(one, null, answered));
      expect(row.slice(3, 5)).to.deep.equal([fsrs?.stability?.toFixed(4), fsrs?.difficulty?.toFixed(4)]);
      const shown = [fsrs, seed, sm2].flatMap((state) => [String(state?.intervalDays), state?.dueDay]);
      expect(row.slice(5)).to.deep.equal(shown);
    }
  });
});

describe('the worked example of a gap', () => {
  const rows = rowsOf(partOf(page, 'worked-example:gap'));
  const last = states().at(-1) ?? emptyTopicState;
  const masteryScore = masteryV1(last, completedAtMs, materials);
  const facts = { masteryScore, examWeight: 8, blocksCount: 4, untriedShare: 1 - 3 / 12, recentFailureRate: 1 / 4 };

  for (const version of [1, 2] as const) {
    it(`shows the terms and the priority of version ${version}`, () => {
      const { terms, score: priority } = explainGap(facts, version);
      const shown = rows.filter(([of]) => of === String(version));
      expect(shown.map(([, code]) => code)).to.deep.equal([...terms.map(({ code }) => code), 'priority']);
      for (const [n, { value, factor, contribution }] of terms.entries()) {
        const [, , ...numbers] = shown[n] ?? [];
        expect(Number(numbers[0])).to.be.closeTo(value, 5e-7);
        expect(Number(numbers[1])).to.be.closeTo(factor, 5e-7);
        expect(Number(numbers[2])).to.be.closeTo(contribution, 5e-7);
      }
      expect(Number(shown.at(-1)?.[4])).to.be.closeTo(priority, 5e-7);
    });
  }

  it('shows its severity and its hours', () => {
    expect(gapSeverity({ accuracy: 0.75, masteryScore, examWeight: 8 })).to.equal('low');
    expect(page.text).to.include(`are 10 · 0.365099 = ${(10 * (1 - (masteryScore ?? 0))).toFixed(2)}.`);
  });
});
