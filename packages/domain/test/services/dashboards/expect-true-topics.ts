import { expect } from 'chai';
import { explainTopic } from '../../../src/services/explain-topic.ts';
import { getComparison } from '../../../src/services/get-comparison.ts';
import { getFirstAttemptAccuracy } from '../../../src/services/get-first-attempt-accuracy.ts';
import { getOverview } from '../../../src/services/get-overview.ts';
import { getQuestionHistory } from '../../../src/services/get-question-history.ts';
import { getReviewForecast } from '../../../src/services/get-review-forecast.ts';
import { getTopicTrend } from '../../../src/services/get-topic-trend.ts';
import { listDueReviews } from '../../../src/services/list-due-reviews.ts';
import { listGaps } from '../../../src/services/list-gaps.ts';
import { listMastery } from '../../../src/services/list-mastery.ts';
import type { MasteryList } from '../../../src/services/list-mastery.ts';
import type { Asked } from './expect-true-days.ts';
import { dayAway, firstAnswers, minutes, share, topicSeconds, total } from './recount.ts';

/** Mastery, trend, gaps, questions and reviews, against the facts and against each other. */
export async function expectTrueTopics(asked: Asked): Promise<void> {
  const { app, userId } = asked;
  const mastery = await listMastery(app, { userId, limit: 200 });
  for (const { topicId } of mastery.topics) await expectTrueTopic(asked, mastery, topicId);
  await expectOneTruth(asked, mastery);
  await expectTrueQuestions(asked);
  await expectTrueReviews(asked);
}

async function expectTrueTopic(asked: Asked, { topics }: MasteryList, topicId: string): Promise<void> {
  const { app, userId, today, facts } = asked;
  const shown = topics.find((topic) => topic.topicId === topicId);
  const answers = facts.answers.filter((answer) => answer.topicId === topicId);
  const correct = answers.filter(({ isCorrect }) => isCorrect).length;
  const firsts = firstAnswers(facts).filter((answer) => answer.topicId === topicId);
  const known = firsts.filter(({ isCorrect }) => isCorrect).length;
  const days = [...new Set(facts.events.filter((event) => event.topicId === topicId).map(({ day }) => day))].sort();
  const seconds = days.map((day) => topicSeconds(facts, topicId, day));
  expect(shown, topicId).to.include({ questions: answers.length, correct, minutes: minutes(total(seconds)) });
  expect(shown?.overallAccuracy).to.equal(share(correct, answers.length));
  expect(shown?.firstAttemptAccuracy).to.equal(share(known, firsts.length));
  expect(shown?.mastery === null, 'a score from the first answer on').to.equal(answers.length === 0);
  expect(shown?.evidence).to.equal(answers.length === 0 ? 'none' : firsts.length < 3 ? 'not_enough_data' : 'enough');
  const mean = share(total(answers.map((answer) => answer.seconds)), answers.length);
  if (mean !== null) expect(shown?.meanResponseSeconds).to.be.closeTo(mean, 1e-9);

  const trend = await getTopicTrend(app, { userId, topicId, today, days: 60 });
  const from = dayAway(today, -59);
  expect(trend.days).to.deep.equal(days.filter((day) => day >= from));
  for (const [n, day] of trend.days.entries()) {
    const own = answers.filter((answer) => answer.day === day);
    const right = own.filter(({ isCorrect }) => isCorrect).length;
    const row = [trend.minutes[n], trend.questions[n], trend.correct[n], trend.accuracy[n]];
    const counted = [minutes(topicSeconds(facts, topicId, day)), own.length, right, share(right, own.length)];
    expect(row, `${topicId} on ${day}`).to.deep.equal(counted);
    expect(trend.masteryAfter[n] === null).to.equal(own.length === 0);
  }
}

/** What two procedures say of the same thing is the same. */
async function expectOneTruth({ app, userId, today, facts }: Asked, { topics }: MasteryList): Promise<void> {
  const overview = await getOverview(app, { userId });
  const scores = topics.flatMap(({ mastery }) => mastery ?? []);
  const { mean, topicsMastered, topicsInProgress, topicsWeak } = overview.mastery;
  expect(topicsMastered).to.equal(topics.filter(({ isMastered }) => isMastered).length);
  expect(topicsMastered + topicsInProgress + topicsWeak).to.equal(scores.length);
  if (mean !== null) expect(mean).to.be.closeTo(total(scores) / scores.length, 1e-12);
  const { metrics } = await getComparison(app, { userId, today });
  const { minutes: active, accuracy, activeDays } = overview.last30Days;
  expect(metrics.map(({ value }) => value)).to.deep.equal([mean, accuracy, activeDays === 0 ? null : active]);
  const { gaps } = await listGaps(app, { userId, limit: 50 });
  for (const gap of gaps) {
    const answers = facts.answers.filter(({ topicId }) => topicId === gap.topicId);
    const correct = answers.filter(({ isCorrect }) => isCorrect).length;
    expect(gap).to.include({ attempts: answers.length, accuracy: share(correct, answers.length) });
    const shown = topics.find(({ topicId }) => topicId === gap.topicId);
    expect(gap.gapScore).to.equal(1 - (shown?.mastery ?? 0));
    const explained = await explainTopic(app, { userId, topicId: gap.topicId });
    expect(explained.mastery?.score ?? null).to.equal(shown?.mastery ?? null);
    expect(total(explained.gap?.terms.map(({ contribution }) => contribution) ?? [])).to.equal(gap.priorityScore);
  }
}

async function expectTrueQuestions({ app, userId, today, facts }: Asked): Promise<void> {
  for (const questionId of new Set(facts.answers.map((answer) => answer.questionId))) {
    const own = facts.answers.filter((answer) => answer.questionId === questionId);
    const history = await getQuestionHistory(app, { userId, questionId, limit: 200 });
    expect(history).to.include({
      attemptsTotal: own.length,
      correctTotal: own.filter(({ isCorrect }) => isCorrect).length,
    });
    const shown = history.attempts.map(({ eventId, attemptNumber, isCorrect }) => [eventId, attemptNumber, isCorrect]);
    expect(shown).to.deep.equal(own.map(({ id, isCorrect }, n) => [id, n + 1, isCorrect]).toReversed());
  }
  const from = dayAway(today, -29);
  const firsts = firstAnswers(facts).filter(({ day }) => day >= from);
  const accuracy = await getFirstAttemptAccuracy(app, { userId, today, days: 30 });
  const right = firsts.filter(({ isCorrect }) => isCorrect).length;
  expect(accuracy).to.include({ questions: firsts.length, correct: right, accuracy: share(right, firsts.length) });
  for (const [n, day] of accuracy.series.days.entries()) {
    const ofDay = firsts.filter((answer) => answer.day === day);
    expect(accuracy.series.questions[n]).to.equal(ofDay.length);
    expect(accuracy.series.correct[n]).to.equal(ofDay.filter(({ isCorrect }) => isCorrect).length);
  }
}

/** When a question is due is checked by `verify`; here, that each is shown where it is due and counted once. */
async function expectTrueReviews({ app, userId, today, facts }: Asked): Promise<void> {
  const due = new Map<string, string | null>();
  for (const questionId of new Set(facts.answers.map((answer) => answer.questionId))) {
    due.set(questionId, (await getQuestionHistory(app, { userId, questionId, limit: 1 })).dueDay);
  }
  const dueBy = (day: string): number => [...due.values()].filter((dueDay) => dueDay !== null && dueDay <= day).length;
  const queue = await listDueReviews(app, { userId, today, limit: 200 });
  expect(queue.total).to.equal(dueBy(today));
  expect(queue.dueDays).to.deep.equal(queue.questionIds.map((questionId) => due.get(questionId)));
  const forecast = await getReviewForecast(app, { userId, today, days: 30 });
  expect(forecast.overdue).to.equal(dueBy(dayAway(today, -1)));
  expect(total(forecast.due)).to.equal(dueBy(dayAway(today, 29)));
}
