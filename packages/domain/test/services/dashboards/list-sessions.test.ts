import { expect } from 'chai';
import { sessionsOutput } from '@studyin/api/schemas/dashboard';
import { listSessions } from '../../../src/services/list-sessions.ts';
import { encodeCursor } from '../../../src/services/page-cursor.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  refusalOf,
  sessionRow,
  strangerId,
  today,
  useDashboardApp,
} from './fixture.ts';

describe('listSessions', () => {
  const app = useDashboardApp();
  const query = { userId: learnerId, today, days: 7, limit: 50 };

  before(async () => {
    await insertRows(app().database, 'study_sessions', [
      sessionRow('full', '2026-03-17T08:00:00.123Z', {
        ended_at: '2026-03-17T09:00:00Z',
        last_event_at: '2026-03-17T09:00:00Z',
        duration_seconds: 3_600,
        active_seconds: 1_815,
        questions_attempted: 8,
        questions_correct: 6,
        xp_earned: 5_000_000_000,
        device_type: 'web',
        topics_studied: [id('topic')],
      }),
      sessionRow('unseen', '2026-03-17T20:00:00Z', { study_day: null }),
      // two that began in the same millisecond
      sessionRow('twin a', '2026-03-16T08:00:00Z'),
      sessionRow('twin b', '2026-03-16T08:00:00Z'),
      // began on the 12th in the learner's zone, on the 11th in UTC
      sessionRow('east', '2026-03-11T15:00:00Z', { study_day: '2026-03-12' }),
      sessionRow('too old', '2026-03-11T23:00:00Z', { study_day: '2026-03-11' }),
    ]);
  });

  const names = new Map(['full', 'unseen', 'twin a', 'twin b', 'east', 'too old'].map((name) => [id(name), name]));
  const twins = ['twin a', 'twin b'].sort((a, b) => (id(a) < id(b) ? 1 : -1));

  it('lists the sessions of the last study days, newest first', async () => {
    const list = await listSessions(app(), query);
    expectAnswer(sessionsOutput, list);
    expect(list.sessions.map((session) => names.get(session.sessionId))).to.deep.equal([
      'unseen',
      'full',
      ...twins,
      'east',
    ]);
    expect(list.nextCursor).to.equal(null);
    expect(list.asOf).to.equal('2026-03-17T20:00:00.000Z');
  });

  it('shows a session with minutes of one decimal and its accuracy', async () => {
    const { sessions } = await listSessions(app(), query);
    expect(sessions[1]).to.deep.equal({
      sessionId: id('full'),
      startedAt: '2026-03-17T08:00:00.123Z',
      endedAt: '2026-03-17T09:00:00.000Z',
      lastEventAt: '2026-03-17T09:00:00.000Z',
      studyDay: '2026-03-17',
      durationMinutes: 60,
      activeMinutes: 30.3,
      pauses: 0,
      materialsViewed: 0,
      materialsCompleted: 0,
      chunksRead: 0,
      questions: 8,
      correct: 6,
      accuracy: 0.75,
      aiInteractions: 0,
      xp: 5_000_000_000,
      achievements: 0,
      deviceType: 'web',
      timezone: null,
      isActive: true,
      topics: [id('topic')],
    });
    expect(sessions[0]).to.include({ studyDay: null, endedAt: null, accuracy: null });
  });

  it('gives the same sessions page by page, each once', async () => {
    const whole = await listSessions(app(), query);
    for (const limit of [1, 2, 3, 5]) {
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await listSessions(app(), { ...query, limit, cursor });
        paged.push(...page.sessions.map((session) => session.sessionId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(paged, `pages of ${limit}`).to.deep.equal(whole.sessions.map((session) => session.sessionId));
    }
  });

  it('refuses a cursor that no page ended with', async () => {
    const good = encodeCursor({ at: new Date('2026-03-16T08:00:00Z'), id: id('twin a') });
    const foreign = (text: string): string => Buffer.from(text).toString('base64url');
    const bad = [
      '',
      'x',
      `${good}${good}`,
      foreign('1'),
      foreign(`99999999999999.${id('a')}`),
      foreign(`1.${id('a')}' or true`),
      foreign(`-1.${id('a')}`),
    ];
    for (const cursor of bad) {
      expect(await refusalOf(listSessions(app(), { ...query, cursor })), cursor).to.equal('invalid cursor');
    }
  });

  it('answers an empty page for a learner without sessions, and knows no stranger', async () => {
    const list = await listSessions(app(), { ...query, today: '2030-01-01' });
    expect(list).to.deep.equal({ asOf: null, sessions: [], nextCursor: null });
    expect(await refusalOf(listSessions(app(), { ...query, userId: strangerId }))).to.equal('not_found userId');
  });
});
