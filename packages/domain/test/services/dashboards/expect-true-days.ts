import { expect } from 'chai';
import type { App } from '../../../src/app.ts';
import { getDashboard } from '../../../src/services/get-dashboard.ts';
import { getHeatmap } from '../../../src/services/get-heatmap.ts';
import { getOverview } from '../../../src/services/get-overview.ts';
import { listSessions } from '../../../src/services/list-sessions.ts';
import { dayAway, daysOf, minutes, sessionsOf, share, total } from './recount.ts';
import type { Facts, RecountedDay } from './recount.ts';

export type Asked = { readonly app: App; readonly userId: string; readonly today: string; readonly facts: Facts };

/** Overview, heatmap, sessions and the first screen, against the facts. */
export async function expectTrueDays(asked: Asked): Promise<void> {
  const { app, userId, today, facts } = asked;
  const days = daysOf(facts);
  const overview = await getOverview(app, { userId });
  const asOf = overview.asOf ?? '';
  expect(asOf >= (days.at(-1)?.day ?? ''), 'as of the newest fact, or a night after it').to.equal(true);
  expect(overview.last7Days, '7 days').to.deep.equal(windowOf(days, dayAway(asOf, -6)));
  expect(overview.last30Days, '30 days').to.deep.equal(windowOf(days, dayAway(asOf, -29)));
  expect(overview.last90Days, '90 days').to.deep.equal(windowOf(days, dayAway(asOf, -89)));
  expect(overview.allTime, 'all time').to.deep.equal(windowOf(days, ''));
  expect(overview.streak, 'streak').to.deep.equal(streakOf(days, asOf));
  await expectTrueHeatmap(asked, days);
  await expectTrueSessions(asked);
  const first = await getDashboard(app, { userId, today });
  expect(first.overview).to.deep.equal(overview);
  expect(first.heatmap).to.deep.equal(await getHeatmap(app, { userId, today, days: 90 }));
}

function windowOf(days: readonly RecountedDay[], from: string): object {
  const within = days.filter(({ day }) => day >= from);
  const questions = total(within.map((day) => day.questions));
  const correct = total(within.map((day) => day.correct));
  return {
    minutes: minutes(total(within.map((day) => day.activeSeconds))),
    sessions: total(within.map((day) => day.sessions)),
    activeDays: within.filter((day) => day.isStreakDay).length,
    questions,
    correct,
    accuracy: share(correct, questions),
    xp: total(within.map((day) => day.xp)),
    topics: new Set(within.flatMap((day) => [...day.topics])).size,
  };
}

function streakOf(days: readonly RecountedDay[], asOf: string): object {
  const studied = days.filter((day) => day.isStreakDay).map(({ day }) => day);
  const lengthTo = (day: string): number => (studied.includes(day) ? 1 + lengthTo(dayAway(day, -1)) : 0);
  return {
    currentDays: lengthTo(asOf) || lengthTo(dayAway(asOf, -1)),
    longestDays: Math.max(0, ...studied.map(lengthTo)),
    lastStudyDay: studied.at(-1) ?? null,
  };
}

async function expectTrueHeatmap({ app, userId, today }: Asked, days: readonly RecountedDay[]): Promise<void> {
  const heatmap = await getHeatmap(app, { userId, today, days: 60 });
  const newest = days.at(-1)?.day ?? today;
  const last = newest > today ? newest : today;
  expect(heatmap.days).to.deep.equal(Array.from({ length: 60 }, (_, n) => dayAway(last, n - 59)));
  for (const [n, day] of heatmap.days.entries()) {
    const counted = days.find((one) => one.day === day);
    const shown = [heatmap.minutes, heatmap.sessions, heatmap.questions, heatmap.correct, heatmap.xp].map(
      (column) => column[n],
    );
    const { activeSeconds = 0, sessions = 0, questions = 0, correct = 0, xp = 0 } = counted ?? {};
    expect(shown, day).to.deep.equal([minutes(activeSeconds), sessions, questions, correct, xp]);
    const goals = activeSeconds / 1800;
    const level = activeSeconds + questions === 0 ? 0 : goals >= 2 ? 4 : goals >= 1 ? 3 : goals >= 0.5 ? 2 : 1;
    expect(heatmap.levels[n], day).to.equal(level);
  }
}

async function expectTrueSessions({ app, userId, today, facts }: Asked): Promise<void> {
  const { sessions } = await listSessions(app, { userId, today, days: 366, limit: 200 });
  const counted = sessionsOf(facts).filter(({ day }) => day >= dayAway(today, -365));
  expect(sessions.map(({ sessionId }) => sessionId).sort()).to.deep.equal(counted.map(({ id }) => id).sort());
  const instant = (atMs: number | undefined): string => new Date(atMs ?? NaN).toISOString();
  for (const { id, day, events, activeMs, totalMs } of counted) {
    const shown = sessions.find(({ sessionId }) => sessionId === id);
    const answers = facts.answers.filter(({ sessionId }) => sessionId === id);
    const correct = answers.filter(({ isCorrect }) => isCorrect).length;
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    expect(shown, id).to.deep.include({
      studyDay: day,
      startedAt: instant(events[0]?.atMs),
      lastEventAt: instant(events.at(-1)?.atMs),
      durationMinutes: minutes(Math.round(totalMs / 1000)),
      activeMinutes: minutes(Math.round(activeMs / 1000)),
      pauses: count('session_pause'),
      questions: answers.length,
      correct,
      accuracy: share(correct, answers.length),
      materialsViewed: count('material_open'),
      materialsCompleted: count('material_complete'),
      aiInteractions: count('ai_question_asked'),
      achievements: count('achievement_unlocked'),
      isActive: events.at(-1)?.type !== 'session_end',
      topics: [...new Set(events.flatMap(({ topicId }) => topicId ?? []))].sort(),
    });
  }
}
