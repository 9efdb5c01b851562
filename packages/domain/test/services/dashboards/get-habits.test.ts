// Efficiency and patterns read facts, so they are bounded by rows: whatever a learner did, never more than 20,000.
import { expect } from 'chai';
import { efficiencyOutput, patternsOutput } from '@studyin/api/schemas/dashboard-analytics';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { statement, type Database } from '@studyin/domain/database';
import { findHabits } from '../../../src/services/find-habits.ts';
import { getEfficiency } from '../../../src/services/get-efficiency.ts';
import { getPatterns } from '../../../src/services/get-patterns.ts';
import {
  dayRow,
  expectAnswer,
  id,
  insertRows,
  learnerId,
  refusalOf,
  sessionRow,
  strangerId,
  today,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

const heavyId = id('heavy');
// In partitions that are there whenever the test runs.
const heavyToday = utcDayOf(Date.now());

// 40 answers in each of 10 sessions on each of 60 days, a reading with each session.
const heavyRows = [
  `insert into question_attempts (user_id, id, attempted_at, session_id, question_id, topic_id, received_at, study_day, selected_answer,
    is_correct, graded_by, time_to_answer_seconds)
  select $1, gen_random_uuid(), $2::date::timestamp at time zone 'UTC' - make_interval(days => d, mins => k), $1, $1, $1, now(),
    $2::date - d - 1, 'A', k % 3 = 0, 'key', k % 60
  from generate_series(0, 59) d, generate_series(1, 400) k`,
  `insert into study_sessions (user_id, id, started_at, last_event_at, study_day)
  select $1, gen_random_uuid(), at, at, $2::date - d - 1
  from generate_series(0, 59) d, generate_series(1, 10) k,
    lateral (select $2::date::timestamp at time zone 'UTC' - make_interval(days => d, hours => k) as at) a`,
  `insert into daily_user_stats (user_id, stat_date, goal_minutes, as_of, questions_attempted)
  select $1, $2::date - d - 1, 30, $2::date, 400 from generate_series(0, 59) d`,
];

describe('what efficiency and patterns read', () => {
  const app = useDashboardApp();

  before(async function () {
    this.timeout(30_000);
    const { database } = app();
    await insertRows(database, 'learners', [{ user_id: heavyId }]);
    for (const [n, text] of heavyRows.entries()) {
      await database.reader.query(statement(`test.heavy_${n}`, text), [heavyId, heavyToday]);
    }
    await insertRows(database, 'topics', [topicRow('heart')]);
    await insertRows(database, 'materials', [{ id: id('book'), topic_id: id('heart'), kind: 'pdf', chunk_count: 1 }]);
    await insertRows(database, 'daily_user_stats', [
      dayRow('2026-03-01', { active_seconds: 600, total_seconds: 600 }),
      dayRow('2026-03-16', { active_seconds: 600, total_seconds: 1200, as_of: today }),
    ]);
    await insertRows(database, 'study_sessions', [
      sessionRow('old', '2026-03-01T08:00:00Z', { duration_seconds: 60 }),
      sessionRow('new', '2026-03-16T08:00:00Z', { duration_seconds: 1200 }),
    ]);
    const reading = (session: string, at: string) => ({
      user_id: learnerId,
      session_id: id(session),
      material_id: id('book'),
      chunk_id: null,
      started_at: at,
      ended_at: at,
      duration_seconds: 120,
      scroll_depth_percent: 95,
      is_complete: true,
      completed_at: at,
      open_count: 1,
      highlights_count: 0,
      notes_count: 0,
      bookmarked: false,
    });
    await insertRows(database, 'material_interactions', [
      reading('old', '2026-03-01T08:00:00Z'),
      reading('new', '2026-03-16T08:00:00Z'),
    ]);
  });

  const heavy = { userId: heavyId, today: heavyToday, days: 90 };

  it('is the period asked for, and nothing before it', async () => {
    const query = { userId: learnerId, today, days: 7 };
    const efficiency = await getEfficiency(app(), query);
    expectAnswer(efficiencyOutput, efficiency);
    expect(efficiency).include({ asOf: today, fromDay: '2026-03-12', toDay: today, sessions: 1, totalMinutes: 20 });
    expect(efficiency.activeShare).equal(0.5);
    const patterns = await getPatterns(app(), query);
    expectAnswer(patternsOutput, patterns);
    expect(patterns.materialKinds).eql({ kinds: ['pdf'], minutes: [2], shares: [1], materials: [1], completed: [1] });
    // Seven days less today, of which one was studied: the learner's first day was before them.
    expect(patterns.consistency).include({ days: 6, activeDays: 1, longestBreakDays: 4 });
    expect((await getPatterns(app(), { ...query, days: 30 })).consistency.days).equal(17);
  });

  it('is never more than 20,000 rows, and is whole days of them', async () => {
    const reads: (readonly object[])[] = [];
    const habits = await findHabits(countingReader(app().database, reads), { ...heavy, withReadings: true });
    const rows = reads.reduce((sum, read) => sum + read.length, 0);
    expect(rows).greaterThan(14_000).most(20_000);
    // 14,000 of 24,000 answers reach back 35 days; those of the last two may not be all.
    expect(habits.fromDay).equal(addDays(heavyToday, -33));
    for (let day = habits.fromDay; day < heavyToday; day = addDays(day, 1)) {
      expect(
        habits.answers.filter(({ studyDay }) => studyDay === day),
        day,
      ).length(400);
    }
    expect(habits.days).length(33);
    const efficiency = await getEfficiency(app(), heavy);
    expectAnswer(efficiencyOutput, efficiency);
    expect(efficiency).include({ fromDay: habits.fromDay, answers: 33 * 400, sessions: 33 * 10 });
  });

  it('says of a learner who has done nothing what is missing, and knows no stranger', async () => {
    const idle = { userId: id('idle'), today, days: 90 };
    await insertRows(app().database, 'learners', [{ user_id: idle.userId }]);
    const [efficiency, patterns] = [await getEfficiency(app(), idle), await getPatterns(app(), idle)];
    expectAnswer(efficiencyOutput, efficiency);
    expectAnswer(patternsOutput, patterns);
    expect(efficiency.insufficient).length(5);
    expect(patterns.insufficient).length(3);
    expect(patterns.streak).eql({ currentDays: 0, longestDays: 0, lastStudyDay: null });
    const stranger = { ...idle, userId: strangerId };
    expect(await refusalOf(getEfficiency(app(), stranger))).equal('not_found userId');
    expect(await refusalOf(getPatterns(app(), stranger))).equal('not_found userId');
  });
});

function countingReader({ reader }: Database, reads: (readonly object[])[]): Database['reader'] {
  return {
    query: async <Row extends object>(...call: Parameters<typeof reader.query>) => {
      const rows = await reader.query<Row>(...call);
      reads.push(rows);
      return rows;
    },
  };
}
