import { expect } from 'chai';
import { updateLearner } from '@studyin/domain/services';
import { dashboardCalls } from './dashboard-calls.ts';
import { openTestApp } from './test-app.ts';
import { startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { addCurriculum, attempt, newId, newLearner, questionId, sessionId, topicId } from './test-curriculum.ts';

describe('dashboards over HTTP', () => {
  let api: TestApi;
  let learner: string;
  let token: string;
  const ask = async (name: string, input?: unknown): Promise<Record<string, unknown>> => {
    const { status, data, text } = await api.query(`dashboard.${name}`, input, { token });
    expect(status, text).to.equal(200);
    return data as Record<string, unknown>;
  };

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
  });
  beforeEach(async () => {
    learner = newLearner();
    token = await tokenFor(learner, 'learner');
  });
  after(() => api.stop());

  const answerAndUpdate = async (): Promise<void> => {
    await api.mutate('tracking.questionAttempt', attempt(), { token });
    const worker = await openTestApp(api);
    await updateLearner(worker.app, { userId: learner });
    await worker.close();
  };

  it('show what the worker derived, and never an answer from before it', async () => {
    await api.mutate('tracking.questionAttempt', attempt(), { token });
    expect(await ask('mastery'))
      .to.have.property('topics')
      .that.has.length(0);
    await answerAndUpdate();
    expect(await ask('mastery')).to.have.nested.property('topics[0].questions', 2);
    expect(await ask('overview')).to.have.nested.property('last7Days.questions', 2);
    expect(await ask('questionHistory', { questionId })).to.include({ attemptsTotal: 2 });
    expect(await ask('topicTrend', { topicId }))
      .to.have.property('days')
      .that.has.length(1);
    expect(await ask('reviewForecast', { days: 3 }))
      .to.have.property('due')
      .that.includes(1);
    expect(await ask('reviewQueue')).to.include({ total: 0 });
    expect(await ask('gaps')).to.have.nested.property('gaps[0].topicId', topicId);
    expect(await ask('explain', { topicId })).to.have.nested.property('gap.rank', 1);
    await answerAndUpdate();
    expect(await ask('mastery')).to.have.nested.property('topics[0].questions', 3);
    expect(await ask('overview')).to.have.nested.property('last7Days.questions', 3);
  });

  it('say of who never did anything that there is no such learner, and nothing of who has only begun', async () => {
    for (const [path, input] of dashboardCalls) {
      const { status, error } = await api.query(path, input, { token });
      expect([path, status, error?.data.code]).to.deep.equal([path, 404, 'NOT_FOUND']);
    }
    await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    for (const [path, input] of dashboardCalls) {
      const { status, text } = await api.query(path, input, { token });
      expect(status, `${path}: ${text}`).to.equal(200);
    }
  });

  it('the first screen is the blocks that can be had one by one', async () => {
    await answerAndUpdate();
    const all = await ask('all');
    expect(all['overview']).to.deep.equal(await ask('overview'));
    expect(all['heatmap']).to.deep.equal(await ask('heatmap', { days: 90 }));
    expect(all['due']).to.have.property('count');
  });

  it('the same question again comes from the cache, and is the same', async () => {
    await answerAndUpdate();
    const count = async (): Promise<number> => {
      const { text } = await api.send('/metrics');
      return Number(/dashboard_answers_total\{from="cache"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const first = await ask('all');
    const before = await count();
    expect(await ask('all')).to.deep.equal(first);
    expect(await count()).to.equal(before + 1);
  });

  it('need no Date, Map or undefined on the wire', async () => {
    await answerAndUpdate();
    const { text } = await api.query('dashboard.all', undefined, { token });
    expect(text).to.not.include('"meta"');
  });

  it('refuse inputs out of range, with path and code', async () => {
    await answerAndUpdate();
    for (const [name, input, path] of [
      ['heatmap', { days: 367 }, 'days'],
      ['heatmap', { days: 1.5 }, 'days'],
      ['sessions', { limit: 201 }, 'limit'],
      ['sessions', { cursor: 'nonsense' }, 'cursor'],
      ['mastery', { topicIds: ['x'] }, 'topicIds.0'],
      ['reviewQueue', { limit: 201 }, 'limit'],
      ['reviewForecast', { days: 31 }, 'days'],
      ['gaps', { limit: 51 }, 'limit'],
      ['explain', { topicId: 'x' }, 'topicId'],
      ['overview', { unknown: 1 }, 'unknown'],
      ['topicTrend', undefined, ''],
    ] as const) {
      const { status, error } = await api.query(`dashboard.${name}`, input, { token });
      expect([status, error?.data.code], name).to.deep.equal([400, 'BAD_REQUEST']);
      expect(error?.data.issues?.[0]?.path ?? error?.data.path, name).to.equal(path);
    }
  });

  it('settings are answered as they were changed', async () => {
    await answerAndUpdate();
    const change = { timezone: 'Asia/Tokyo', rolloverHour: 4, dailyGoalMinutes: 60, examDate: '2027-06-01' };
    expect((await api.mutate('learner.updateSettings', change, { token })).data).to.deep.equal(change);
    expect((await api.query('learner.settings', undefined, { token })).data).to.deep.equal(change);
    expect((await api.mutate('learner.updateSettings', { examDate: null }, { token })).data).to.deep.equal({
      ...change,
      examDate: null,
    });
    const wrong = await api.mutate('learner.updateSettings', { timezone: 'Mars/Phobos' }, { token });
    expect([wrong.status, wrong.error?.data.issues?.[0]?.path]).to.deep.equal([400, 'timezone']);
    expect(wrong.text).to.not.include('Phobos');
  });
});

describe('the curriculum over HTTP', () => {
  it('is imported whole or not at all; the fault is named', async () => {
    const api = await startTestApi();
    try {
      const token = await tokenFor(newLearner(), 'service');
      const topic = { id: topicId, slug: 'heart', name: 'Heart' };
      const { data } = await api.mutate('curriculum.import', { topics: [topic] }, { token });
      expect(data).to.include({ topics: 1, questions: 0 });
      const twice = await api.mutate(
        'curriculum.import',
        { topics: [topic, { ...topic, id: newLearner() }] },
        { token },
      );
      expect([twice.status, twice.error?.data.path]).to.deep.equal([400, 'topics.1.slug']);
      expect(twice.error?.message).to.include('heart');
      const learner = await tokenFor(newLearner(), 'learner');
      expect((await api.query('curriculum.topics', undefined, { token: learner })).data).to.have.nested.property(
        'topics[0].slug',
        'heart',
      );
      expect((await api.query('curriculum.topic', { slug: 'lung' }, { token: learner })).status).to.equal(404);
    } finally {
      await api.stop();
    }
  });
});
