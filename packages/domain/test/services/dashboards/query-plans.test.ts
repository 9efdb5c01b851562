// Every statement of the dashboards meets tables full of other learners' rows, and must reach its learner's by an index:
// with a plan made for the values, and with the generic one that a prepared statement may end up with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import type { Database } from '@studyin/domain/database';
import { explainTopic } from '../../../src/services/explain-topic.ts';
import { findOwnWatermark, findWatermark, findWatermarks } from '../../../src/services/find-watermark.ts';
import { getComparison } from '../../../src/services/get-comparison.ts';
import { getDashboard } from '../../../src/services/get-dashboard.ts';
import { getEfficiency } from '../../../src/services/get-efficiency.ts';
import { getFirstAttemptAccuracy } from '../../../src/services/get-first-attempt-accuracy.ts';
import { getForgettingCurve } from '../../../src/services/get-forgetting-curve.ts';
import { getMaterialProgress } from '../../../src/services/get-material-progress.ts';
import { getPatterns } from '../../../src/services/get-patterns.ts';
import { getQuestionHistory } from '../../../src/services/get-question-history.ts';
import { getReadiness } from '../../../src/services/get-readiness.ts';
import { getReviewForecast } from '../../../src/services/get-review-forecast.ts';
import { getSettings } from '../../../src/services/get-settings.ts';
import { getTopicTrend } from '../../../src/services/get-topic-trend.ts';
import { listDueReviews } from '../../../src/services/list-due-reviews.ts';
import { listMastery } from '../../../src/services/list-mastery.ts';
import { listSessions } from '../../../src/services/list-sessions.ts';
import { encodeCursor } from '../../../src/services/page-cursor.ts';
import { findKeptState, listAnswersUpTo } from '../../../src/stores/dashboard-answer-store.ts';
import { crowd, crowdMember, crowdTopic } from './crowd.ts';
import { nodesOf, planOf, textOf, withoutMonth } from './explain-plan.ts';
import type { Call, PlanNode } from './explain-plan.ts';
import { id, refusalOf, strangerId, today, useDashboardApp } from './fixture.ts';
import type { DashboardApp } from './fixture.ts';

// Read whole by design: the curriculum, of which there is one, and a row for each step of a night.
const smallTables = /^(topics|materials|curriculum_version|batch_runs)$/;

/** Which index each statement must use; of the partitioned attempts the part of the name that all partitions share. */
const indexes: Readonly<Record<string, RegExp>> = {
  'dashboard.learner_watermark': /^learners_pkey$/,
  'dashboard.own_watermark': /^learners_pkey$/,
  'dashboard.learner_watermarks': /^learners_pkey$/,
  'dashboard.learner_exists': /^learners_pkey$/,
  'dashboard.metrics': /^ix_user_learning_metrics$/,
  'dashboard.days': /^ix_daily_user_stats_user_date$/,
  'dashboard.sessions': /^ix_study_sessions_user_started$/,
  'dashboard.mastery_weakest': /^ix_topic_mastery_user_/,
  'dashboard.mastery_strongest': /^ix_topic_mastery_user_/,
  'dashboard.mastery_by_name': /^ix_topic_mastery_user_/,
  'dashboard.systems': /^ix_topic_mastery_user_/,
  'dashboard.topic_days': /^topic_daily_stats_pkey$/,
  'dashboard.gaps': /^ix_knowledge_gaps_user_priority$/,
  'dashboard.gap_of_topic': /^knowledge_gaps_pkey$/,
  'dashboard.topic_state': /^ix_topic_mastery_user_topic$/,
  'dashboard.review_queue': /^ix_question_progress_user_due$/,
  'dashboard.review_forecast': /^ix_question_progress_user_due$/,
  'dashboard.question_attempts': /^question_attempts_\d{4}_\d\d_user_id_question_id_attempted_at_idx$/,
  'dashboard.question_progress': /^question_progress_pkey$/,
  'dashboard.first_attempts': /^(question_progress_pkey|ix_question_progress_user_due)$/,
  'dashboard.due_count': /^ix_question_progress_user_due$/,
  'dashboard.materials':
    /^(ix_material_interactions_user_started|ix_material_interactions_material_user|material_interactions_user_id_.*)$/,
  'dashboard.habit_answers': /^question_attempts_\d{4}_\d\d_pkey$/,
  'dashboard.habit_sessions': /^ix_study_sessions_user_started$/,
  'dashboard.habit_readings': /^ix_material_interactions_user_started$/,
  'dashboard.habit_days': /^ix_daily_user_stats_user_date$/,
  'dashboard.first_study_day': /^ix_daily_user_stats_user_date$/,
  'dashboard.streak': /^ix_user_learning_metrics$/,
  'dashboard.own_topic': /^ix_topic_mastery_user_topic$/,
  'dashboard.own_metrics': /^ix_user_learning_metrics$/,
  'dashboard.peers': /^peer_distributions_pkey$/,
  'dashboard.ability': /^(learner_progress_pkey|ix_topic_mastery_user_topic)$/,
  'dashboard.kept_state': /^learner_checkpoints_pkey$/,
  'dashboard.answers_up_to': /^question_attempts_\d{4}_\d\d_(pkey|user_id_.*)$/,
  'dashboard.topic_answers': /^question_attempts_\d{4}_\d\d_(pkey|user_id_.*|topic_id_user_id_idx)$/,
  'dashboard.topic_stabilities': /^(question_progress_pkey|ix_question_progress_user_due)$/,
  'settings.select': /^learners_pkey$/,
};

/** The statements of the ten queries, in the order of docs/queries.md. */
const planned = [
  'dashboard.metrics',
  'dashboard.days',
  'dashboard.sessions',
  'dashboard.mastery_weakest',
  'dashboard.systems',
  'dashboard.topic_days',
  'dashboard.gaps',
  'dashboard.question_attempts',
  'dashboard.question_progress',
  'dashboard.first_attempts',
  'dashboard.materials',
  'dashboard.review_queue',
];
const PLAN = /<!-- plan (dashboard\.\w+) -->\n+```text\n(.*?)```/gs;
const EMBEDDED_SERVER = 180_000;

describe('the plans of the dashboards', () => {
  const app = useDashboardApp();
  const calls: Call[] = [];
  let client: pg.Client;

  before(async function () {
    this.timeout(60_000);
    await crowd(app().database);
    const recording = recordingApp(app(), calls);
    await askEverything(recording);
    // as: the configured pool does not show its URL; the pool's own settings do
    const { host, port, username, password, database } = app().database.sequelize.config as unknown as Record<
      string,
      string
    >;
    client = new pg.Client({ host, port: Number(port), user: username, password: password ?? undefined, database });
    await client.connect();
    await client.query('analyze');
  });
  after(() => client.end());

  const explainAll = async (mode: string): Promise<void> => {
    await client.query(`set plan_cache_mode = ${mode}`);
    for (const call of calls) expectIndexed(call, await planOf(client, call));
  };

  it('covers every statement that the dashboards have', () => {
    const asked = new Set(calls.map((call) => call.statement.name));
    expect([...asked].sort()).to.deep.equal(Object.keys(indexes).sort());
  });

  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    it(`reach the learner's rows by index, with ${mode}`, () => explainAll(mode));
  }

  it('are the ones that docs/queries.md shows', async () => {
    await client.query('set plan_cache_mode = force_generic_plan');
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const page = readFileSync(join(import.meta.dirname, '../../../../../docs/queries.md'), 'utf8');
    const shown = [...page.matchAll(PLAN)].map(([, name = '', text = '']) => ({ name, text: text.trim() }));
    expect(shown.map(({ name }) => name)).to.deep.equal(planned);
    for (const { name, text } of shown) {
      const call = calls.find(({ statement }) => statement.name === name);
      if (call === undefined) throw new Error(`${name} was not asked`);
      const plan = await planOf(client, call);
      const label = `the plan of ${name} is\n${textOf(plan)}\n`;
      // Other releases join and sort in other ways, of the same tables.
      if ((rows[0]?.version ?? 0) >= EMBEDDED_SERVER) expect(text, label).to.equal(textOf(plan));
      for (const table of tablesOf(plan)) expect(text, label).to.include(`of ${table}`);
    }
  });
});

function recordingApp(app: DashboardApp, calls: Call[]): typeof app {
  const { reader } = app.database;
  const database: Database = {
    ...app.database,
    reader: {
      query: (statement, values = []) => {
        calls.push({ statement, values });
        return reader.query(statement, values);
      },
    },
  };
  return { ...app, database };
}

async function askEverything(app: DashboardApp): Promise<void> {
  const userId = crowdMember;
  const cursor = encodeCursor({ at: new Date('2026-03-10T00:00:00Z'), id: id('a') });
  const [topicId, materialId, questionId] = [id('topic'), id('material'), id('question')];
  await findWatermark(app, { userId });
  await findOwnWatermark(app, { userId });
  await findWatermarks(app, [userId, strangerId]);
  await getSettings(app, { userId });
  await getDashboard(app, { userId, today });
  for (const order of ['weakest', 'strongest', 'name'] as const) await listMastery(app, { userId, order, limit: 50 });
  for (const order of ['weakest', 'strongest', 'name'] as const) {
    const { nextCursor } = await listMastery(app, { userId, order, limit: 1 });
    await listMastery(app, { userId, order, limit: 50, cursor: nextCursor });
  }
  await listMastery(app, { userId, topicIds: [topicId], limit: 50 });
  const due = await listDueReviews(app, { userId, today, limit: 1 });
  await listDueReviews(app, { userId, today, limit: 200, cursor: due.nextCursor });
  await listSessions(app, { userId, today, days: 366, limit: 200, cursor });
  await listDueReviews(app, { userId, today, limit: 200 });
  await getReviewForecast(app, { userId, today, days: 30 });
  await getEfficiency(app, { userId, today, days: 90 });
  await getPatterns(app, { userId, today, days: 90 });
  await getComparison(app, { userId, today });
  await refusalOf(getComparison(app, { userId, topicId, today }));
  await getComparison(app, { userId, topicId: crowdTopic, today });
  await refusalOf(explainTopic(app, { userId, topicId }));
  await explainTopic(app, { userId, topicId: crowdTopic });
  await getForgettingCurve(app, { userId, topicId: crowdTopic, today, days: 90 });
  await getReadiness(app, { userId });
  // Only of a score by version 2, which this crowd has not.
  await findKeptState(app.database.reader, userId);
  // The answers of this crowd lie in the months that there are now.
  for (const after of [null, { atMs: 0, id: userId }]) {
    await listAnswersUpTo(app.database.reader, { userId, toMs: Date.now(), after });
  }
  await refusalOf(getTopicTrend(app, { userId, topicId, today, days: 30 }));
  await getQuestionHistory(app, { userId, questionId, limit: 50 });
  await getQuestionHistory(app, { userId, questionId, limit: 50, cursor });
  await getFirstAttemptAccuracy(app, { userId, today, days: 30 });
  await getFirstAttemptAccuracy(app, { userId, topicId, today, days: 30 });
  await getMaterialProgress(app, { userId, limit: 50 });
  await getMaterialProgress(app, { userId, materialId, topicId, limit: 50, cursor });
  await refusalOf(listSessions(app, { userId: strangerId, today, days: 1, limit: 1 }));
}

function expectIndexed({ statement, values }: Call, plan: PlanNode): void {
  const nodes = nodesOf(plan);
  const tables = tablesOf(plan);
  const scanned = nodes
    .filter((node) => node['Node Type'].includes('Seq Scan'))
    .map((node) => node['Relation Name'] ?? '');
  const used = nodes
    .filter((node) => /\b(user_id|metric)\b/.test(node['Index Cond'] ?? ''))
    .map((node) => node['Index Name'] ?? '');
  const label = `${statement.name} ${JSON.stringify(values)}`;
  expect(scanned.filter((table) => !smallTables.test(table)).join(), `${label}: scanned whole`).to.equal('');
  expect(
    used.some((name) => indexes[statement.name]?.test(name)),
    `${label}: by ${used.join()}`,
  ).to.equal(true);
  expect(tables.length, `${label}: ${tables.join()}`).to.be.at.most(3);
}

function tablesOf(plan: PlanNode): readonly string[] {
  const tables = nodesOf(plan).flatMap((node) => node['Relation Name'] ?? []);
  return [...new Set(tables.map(withoutMonth))];
}
