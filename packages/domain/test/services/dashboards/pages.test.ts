// Every list that can grow, walked page by page.
import { expect } from 'chai';
import fc from 'fast-check';
import { getMaterialProgress } from '../../../src/services/get-material-progress.ts';
import { getQuestionHistory } from '../../../src/services/get-question-history.ts';
import { listDueReviews } from '../../../src/services/list-due-reviews.ts';
import { listMastery } from '../../../src/services/list-mastery.ts';
import { listSessions } from '../../../src/services/list-sessions.ts';
import { encodeCursor } from '../../../src/services/page-cursor.ts';
import {
  id,
  insertRows,
  learnerId,
  masteryRow,
  progressRow,
  refusalOf,
  sessionRow,
  today,
  topicRow,
  useDashboardApp,
} from './fixture.ts';
import type { DashboardApp } from './fixture.ts';

type Page = { readonly ids: readonly string[]; readonly nextCursor: string | null };
type Asked = { readonly userId: string; readonly limit: number; readonly cursor?: string | null };
type List = (app: DashboardApp, asked: Asked) => Promise<Page>;

const otherId = id('another learner');
const questionId = id('drilled');

const mastery =
  (order: 'weakest' | 'strongest' | 'name'): List =>
  async (app, asked) => {
    const { topics, nextCursor } = await listMastery(app, { ...asked, order });
    return { ids: topics.map(({ topicId }) => topicId), nextCursor };
  };

const lists: Readonly<Record<string, List>> = {
  sessions: async (app, asked) => {
    const { sessions, nextCursor } = await listSessions(app, { ...asked, today, days: 366 });
    return { ids: sessions.map(({ sessionId }) => sessionId), nextCursor };
  },
  'mastery, weakest first': mastery('weakest'),
  'mastery, strongest first': mastery('strongest'),
  'mastery by name': mastery('name'),
  reviewQueue: async (app, asked) => {
    const { questionIds, nextCursor } = await listDueReviews(app, { ...asked, today });
    return { ids: questionIds, nextCursor };
  },
  questionHistory: async (app, asked) => {
    const { attempts, nextCursor } = await getQuestionHistory(app, { ...asked, questionId });
    return { ids: attempts.map(({ eventId }) => eventId), nextCursor };
  },
  materialProgress: async (app, asked) => {
    const { materials, nextCursor } = await getMaterialProgress(app, asked);
    return { ids: materials.map(({ materialId }) => materialId), nextCursor };
  },
};

const ROWS = 23;

/** Rows of every list, with ties in all that the lists are sorted by, and with nulls. */
async function fill(app: DashboardApp, userId: string, name: string): Promise<void> {
  const { database } = app;
  const numbers = Array.from({ length: ROWS }, (_, n) => n);
  const at = (n: number): string => `2026-03-${String(1 + (n % 5)).padStart(2, '0')}T08:00:00Z`;
  const own = { user_id: userId };
  await insertRows(
    database,
    'study_sessions',
    numbers.map((n) => sessionRow(`${name} session ${n}`, at(n), own)),
  );
  await insertRows(
    database,
    'topic_mastery',
    numbers.map((n) => masteryRow(`topic ${n}`, n % 4 === 0 ? null : (n % 4) / 7, own)),
  );
  await insertRows(
    database,
    'question_progress',
    numbers.map((n) =>
      progressRow(`${name} question ${n}`, '2026-03-01', {
        ...own,
        due_day: ['2026-03-10', '2026-03-11', today][n % 3],
        interval_days: 3,
        stability: n % 5 === 0 ? null : (n % 5) / 3,
      }),
    ),
  );
  const month = `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`; // a partition that is there whenever the test runs
  await insertRows(
    database,
    'question_attempts',
    numbers.map((n) => ({
      ...own,
      id: id(`${name} attempt ${n}`),
      attempted_at: new Date(Date.parse(month) + (n % 4) * 1000).toISOString(),
      session_id: id('session'),
      question_id: questionId,
      topic_id: id('topic 1'),
      received_at: month,
      study_day: month.slice(0, 10),
      selected_answer: 'A',
      is_correct: true,
      graded_by: 'key',
      time_to_answer_seconds: 1,
      hint_used: false,
      explanation_viewed: false,
    })),
  );
  await insertRows(
    database,
    'material_interactions',
    numbers.map((n) => ({
      ...own,
      session_id: id('session'),
      material_id: id(`${name} material ${n}`),
      started_at: at(n),
      ended_at: at(n),
      duration_seconds: 1,
      scroll_depth_percent: 1,
      is_complete: false,
      open_count: 1,
      highlights_count: 0,
      notes_count: 0,
      bookmarked: false,
    })),
  );
}

describe('pages', () => {
  const app = useDashboardApp();

  before(async () => {
    const { database } = app();
    await insertRows(database, 'learners', [{ user_id: otherId }]);
    await insertRows(
      database,
      'topics',
      Array.from({ length: ROWS }, (_, n) => topicRow(`topic ${n}`, { name: `Topic ${n % 6}` })),
    );
    await fill(app(), learnerId, 'mine');
    await fill(app(), otherId, 'theirs');
  });

  const walk = async (list: List, limit: number, first: string | null = null): Promise<readonly string[]> => {
    const ids: string[] = [];
    let cursor = first;
    do {
      const page = await list(app(), { userId: learnerId, limit, cursor });
      expect(page.ids.length).to.be.within(1, limit);
      ids.push(...page.ids);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return ids;
  };

  for (const [name, list] of Object.entries(lists)) {
    it(`of ${name} of any size are the whole list, each row once`, async () => {
      const { ids: whole, nextCursor } = await list(app(), { userId: learnerId, limit: 200 });
      expect(nextCursor).to.equal(null);
      expect(new Set(whole)).to.have.property('size', ROWS);
      const property = fc.asyncProperty(fc.integer({ min: 1, max: ROWS + 1 }), async (limit) => {
        expect(await walk(list, limit)).to.deep.equal(whole);
      });
      await fc.assert(property, { numRuns: 6 });
    });

    it(`of ${name} behind the cursor of another learner show one's own rows only`, async () => {
      const { ids: whole } = await list(app(), { userId: learnerId, limit: 200 });
      const theirs = await list(app(), { userId: otherId, limit: 7 });
      const mine = await list(app(), { userId: learnerId, limit: 200, cursor: theirs.nextCursor });
      expect(mine.ids).to.deep.equal(whole.slice(whole.length - mine.ids.length));
    });

    it(`of ${name} refuse a cursor that none of them ended with`, async () => {
      const asked = { userId: learnerId, limit: 5 };
      const cursors = ['', 'x', encodeCursor({ at: new Date(0), id: id('row') }).slice(0, -8)];
      for (const cursor of cursors) {
        expect(await refusalOf(list(app(), { ...asked, cursor })), cursor).to.equal('invalid cursor');
      }
    });
  }

  it('of mastery refuse the cursor of another order, and those of other lists', async () => {
    const asked = { userId: learnerId, limit: 5 };
    const { nextCursor: cursor } = await mastery('name')(app(), asked);
    expect(await refusalOf(mastery('weakest')(app(), { ...asked, cursor }))).to.equal('invalid cursor');
    expect(await refusalOf(listDueReviews(app(), { ...asked, today, cursor }))).to.equal('invalid cursor');
    expect(await refusalOf(listSessions(app(), { ...asked, today, days: 9, cursor }))).to.equal('invalid cursor');
  });

  it('of the review queue go on with their day past midnight', async () => {
    const asked = { userId: learnerId, limit: 10 };
    const first = await listDueReviews(app(), { ...asked, today });
    const next = await listDueReviews(app(), { ...asked, today: '2026-03-19', cursor: first.nextCursor });
    expect(next.asOf).to.equal(today);
    expect(next.questionIds).to.deep.equal(
      (await listDueReviews(app(), { ...asked, today, cursor: first.nextCursor })).questionIds,
    );
  });
});
