// The answers shown in docs/analytics.md are those that the procedures give for the learner of example-learners.ts.
import { expect } from 'chai';
import * as analytics from '@studyin/api/schemas/dashboard-analytics';
import * as gaps from '@studyin/api/schemas/dashboard-gaps';
import * as readiness from '@studyin/api/schemas/dashboard-readiness';
import * as reviews from '@studyin/api/schemas/dashboard-reviews';
import * as dashboards from '@studyin/api/schemas/dashboard';
import {
  getComparison,
  getEfficiency,
  getForgettingCurve,
  getPatterns,
  getReadiness,
  getTopicTrend,
  listDueReviews,
  listGaps,
  listMastery,
} from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { exampleUser as userId, openExamples, today } from './example-learners.ts';
import { getPage } from './pages.ts';

const ANSWER = /<!-- answer dashboard\.(\w+) (\{.*?\}) -->\n+```json\n(.*?)```/gs;

/** What a procedure answers to an input, through both of its schemas. */
const procedures: Readonly<Record<string, (app: App, input: unknown) => Promise<object>>> = {
  mastery: async (app, input) =>
    dashboards.masteryOutput.parse(await listMastery(app, { ...dashboards.masteryInput.parse(input), userId })),
  topicTrend: async (app, input) =>
    dashboards.topicTrendOutput.parse(
      await getTopicTrend(app, { ...dashboards.topicTrendInput.parse(input), userId, today }),
    ),
  reviewQueue: async (app, input) =>
    reviews.reviewQueueOutput.parse(
      await listDueReviews(app, { ...reviews.reviewQueueInput.parse(input), userId, today }),
    ),
  gaps: async (app, input) => gaps.gapsOutput.parse(await listGaps(app, { ...gaps.gapsInput.parse(input), userId })),
  forgettingCurve: async (app, input) =>
    readiness.forgettingCurveOutput.parse(
      await getForgettingCurve(app, { ...readiness.forgettingCurveInput.parse(input), userId, today }),
    ),
  readiness: async (app, input) =>
    readiness.readinessOutput.parse(await getReadiness(app, { ...readiness.readinessInput.parse(input), userId })),
  efficiency: async (app, input) =>
    analytics.efficiencyOutput.parse(
      await getEfficiency(app, { ...analytics.efficiencyInput.parse(input), userId, today }),
    ),
  patterns: async (app, input) =>
    analytics.patternsOutput.parse(await getPatterns(app, { ...analytics.patternsInput.parse(input), userId, today })),
  comparison: async (app, input) =>
    analytics.comparisonOutput.parse(
      await getComparison(app, { ...analytics.comparisonInput.parse(input), userId, today }),
    ),
};

describe('the answers in docs/analytics.md', function () {
  this.timeout(30_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openExamples();
  });
  after(() => domain.close());

  const shown = [...getPage('docs/analytics.md').text.matchAll(ANSWER)];

  it('are there for each of the analytics', () => {
    expect(new Set(shown.map(([, name]) => name))).to.have.all.keys(...Object.keys(procedures));
  });

  const expectAnswer = async (name: string, input: string, json: string): Promise<void> => {
    const answer = await procedures[name]?.(domain.app, JSON.parse(input));
    const text = JSON.stringify(answer, null, 2);
    expect(JSON.parse(json), `the answer is\n${text}\n`).to.deep.equal(JSON.parse(text));
  };

  for (const [, name = '', input = '', json = ''] of shown) {
    it(`show what dashboard.${name} answers to ${input}`, () => expectAnswer(name, input, json));
  }
});
