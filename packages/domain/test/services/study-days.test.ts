// Study days from the event to the derived rows, where clocks, calendars and travellers make them hard.
import { expect } from 'chai';
import { updateLearner, updateSettings } from '@studyin/domain/services';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { expectSound, openVerifyDomain, record, sql } from './verify-domain.ts';

const origin = { clientIp: null, deviceType: null };
const question = { questionId: idOf('history question', 1), topicId: idOf('history topic', 2) };

/** An answer at a time, in a zone; null: the learner's own. */
function answerAt(at: string, timezone: string | null, session = 1): HistoryItem {
  return {
    input: {
      eventType: 'question_attempt',
      eventId: eventIdAt(at),
      sessionId: idOf('study day session', session),
      ...(timezone === null ? {} : { timezone }),
      ...question,
      properties: { selectedAnswer: 'A', timeToAnswerSeconds: 5 },
    },
    origin,
  };
}

type Fixture = {
  readonly settings?: { readonly timezone?: string; readonly rolloverHour?: number };
  /** Time (UTC), zone, and the study day that is to come out. */
  readonly answers: readonly (readonly [at: string, zone: string | null, studyDay: string])[];
};

const fixtures: Readonly<Record<string, Fixture>> = {
  'the day on which clocks go forward has 23 hours': {
    answers: [
      ['2027-03-27T22:59:59.999Z', 'Europe/Berlin', '2027-03-27'],
      ['2027-03-27T23:00:00.000Z', 'Europe/Berlin', '2027-03-28'],
      ['2027-03-28T00:59:59.999Z', 'Europe/Berlin', '2027-03-28'],
      ['2027-03-28T01:00:00.000Z', 'Europe/Berlin', '2027-03-28'],
      ['2027-03-28T21:59:59.999Z', 'Europe/Berlin', '2027-03-28'],
      ['2027-03-28T22:00:00.000Z', 'Europe/Berlin', '2027-03-29'],
    ],
  },
  'the day on which clocks go back has 25 hours': {
    answers: [
      ['2027-10-30T21:59:59.999Z', 'Europe/Berlin', '2027-10-30'],
      ['2027-10-30T22:00:00.000Z', 'Europe/Berlin', '2027-10-31'],
      ['2027-10-31T00:30:00.000Z', 'Europe/Berlin', '2027-10-31'],
      ['2027-10-31T01:30:00.000Z', 'Europe/Berlin', '2027-10-31'],
      ['2027-10-31T22:59:59.999Z', 'Europe/Berlin', '2027-10-31'],
      ['2027-10-31T23:00:00.000Z', 'Europe/Berlin', '2027-11-01'],
    ],
  },
  'a day that begins at three begins at three by the clock, before and after clocks go back': {
    settings: { timezone: 'Europe/Berlin', rolloverHour: 3 },
    answers: [
      ['2027-10-31T00:30:00.000Z', null, '2027-10-30'],
      ['2027-10-31T01:59:59.999Z', null, '2027-10-30'],
      ['2027-10-31T02:00:00.000Z', null, '2027-10-31'],
      ['2027-11-01T01:59:59.999Z', null, '2027-10-31'],
      ['2027-11-01T02:00:00.000Z', null, '2027-11-01'],
    ],
  },
  'from Tokyo to Los Angeles and back one day is lived twice and one not at all': {
    answers: [
      ['2027-05-10T14:00:00.000Z', 'Asia/Tokyo', '2027-05-10'],
      ['2027-05-10T16:00:00.000Z', 'Asia/Tokyo', '2027-05-11'],
      ['2027-05-11T02:00:00.000Z', 'America/Los_Angeles', '2027-05-10'],
      ['2027-05-11T15:30:00.000Z', 'America/Los_Angeles', '2027-05-11'],
      ['2027-05-12T16:00:00.000Z', 'Asia/Tokyo', '2027-05-13'],
    ],
  },
  'Kiritimati is a day ahead of Pago Pago': {
    answers: [
      ['2027-06-01T09:59:59.999Z', 'Pacific/Kiritimati', '2027-06-01'],
      ['2027-06-01T10:00:00.000Z', 'Pacific/Kiritimati', '2027-06-02'],
      ['2027-06-01T10:59:59.999Z', 'Pacific/Pago_Pago', '2027-05-31'],
      ['2027-06-01T11:00:00.000Z', 'Pacific/Pago_Pago', '2027-06-01'],
    ],
  },
  'a leap day is a day': {
    answers: [
      ['2028-02-28T23:59:59.999Z', 'UTC', '2028-02-28'],
      ['2028-02-29T00:00:00.000Z', 'UTC', '2028-02-29'],
      ['2028-02-29T23:59:59.999Z', 'UTC', '2028-02-29'],
      ['2028-03-01T00:00:00.000Z', 'UTC', '2028-03-01'],
    ],
  },
  'week 53 runs across the turn of the year': {
    answers: [
      ['2026-12-27T12:00:00.000Z', 'UTC', '2026-12-27'],
      ['2026-12-28T12:00:00.000Z', 'UTC', '2026-12-28'],
      ['2027-01-03T12:00:00.000Z', 'UTC', '2027-01-03'],
      ['2027-01-04T12:00:00.000Z', 'UTC', '2027-01-04'],
    ],
  },
};

describe('study days', () => {
  let domain: TestDomain;
  before(async () => {
    domain = await openVerifyDomain({ fixedAt: new Date('2028-03-05T12:00:00Z') });
  });
  after(() => domain.close());

  const update = (userId: string) => updateLearner(domain.app, { userId });
  const daysOf = async (userId: string): Promise<readonly string[]> => {
    const rows = await sql<{ day: string }>(
      domain,
      `select study_day::text as day from question_attempts where user_id = $1 order by attempted_at, id`,
      [userId],
    );
    return rows.map(({ day }) => day);
  };
  const answersADay = async (userId: string): Promise<ReadonlyMap<string, number>> => {
    const rows = await sql<{ day: string; answers: number }>(
      domain,
      `select stat_date::text as day, questions_attempted as answers from daily_user_stats where user_id = $1`,
      [userId],
    );
    return new Map(rows.map(({ day, answers }) => [day, answers]));
  };

  Object.entries(fixtures).forEach(([name, { settings, answers }], n) => {
    it(name, async () => {
      const userId = idOf('study day learner', n);
      if (settings !== undefined) await updateSettings(domain.app, { userId, ...settings });
      await record(domain, { userId, items: answers.map(([at, zone], index) => answerAt(at, zone, index)) });
      await update(userId);
      expect(await daysOf(userId)).eql(answers.map(([, , studyDay]) => studyDay));
      const counts = Map.groupBy(answers, ([, , studyDay]) => studyDay);
      expect(await answersADay(userId)).eql(new Map([...counts].map(([studyDay, own]) => [studyDay, own.length])));
      await expectSound(domain, userId);
    });
  });

  it('of week 53 are its days in the weekly rows, and streaks count days of the calendar', async () => {
    const weeks = await sql(
      domain,
      `select iso_year, iso_week, active_days from weekly_user_stats where user_id = $1 order by iso_year, iso_week`,
      [idOf('study day learner', Object.keys(fixtures).indexOf('week 53 runs across the turn of the year'))],
    );
    expect(weeks).eql([
      { iso_year: 2026, iso_week: 52, active_days: 1 },
      { iso_year: 2026, iso_week: 53, active_days: 2 },
      { iso_year: 2027, iso_week: 1, active_days: 1 },
    ]);
    const [leap] = await sql(domain, `select longest_streak_days from user_learning_metrics where user_id = $1`, [
      idOf('study day learner', Object.keys(fixtures).indexOf('a leap day is a day')),
    ]);
    expect(leap).eql({ longest_streak_days: 3 });
  });

  it('that are stored stay where they are when the rollover hour changes; later ones are cut by the new one', async () => {
    const userId = idOf('study day learner', 100);
    await updateSettings(domain.app, { userId, timezone: 'Asia/Kolkata' });
    await record(domain, { userId, items: [answerAt('2027-08-01T20:30:00Z', null)] }); // two in the morning
    await update(userId);
    await updateSettings(domain.app, { userId, rolloverHour: 4 });
    await record(domain, { userId, items: [answerAt('2027-08-01T20:31:00Z', null)] });
    await update(userId);
    expect(await daysOf(userId)).eql(['2027-08-02', '2027-08-01']);
    await expectSound(domain, userId);
  });

  const lateness = [
    ['a month', '2028-02-03T20:00:00Z'],
    ['20 months', '2026-07-05T20:00:00Z'],
  ] as const;
  lateness.forEach(([what, at]) => {
    it(`of events that come ${what} late are those on which they happened`, async () => {
      const userId = idOf('late learner', Date.parse(at) / 1000);
      const days = [1, 2, 3, 4].map((day) => answerAt(`2028-03-0${day}T09:00:00Z`, 'Europe/Berlin', day));
      await record(domain, { userId, items: days });
      await update(userId);
      const late = [0, 1, 24].map((hours) =>
        answerAt(new Date(Date.parse(at) + hours * 3_600_000).toISOString(), 'Europe/Berlin', 9),
      );
      await record(domain, { userId, items: late });
      await update(userId);
      const [month, day] = [at.slice(0, 8), Number(at.slice(8, 10))];
      const first = `${month}0${day}`;
      const second = `${month}0${day + 1}`;
      expect((await daysOf(userId)).slice(0, 3)).eql([first, first, second]);
      expect([...(await answersADay(userId)).keys()]).members([
        first,
        second,
        ...[1, 2, 3, 4].map((d) => `2028-03-0${d}`),
      ]);
      const [attempt] = await sql(
        domain,
        `select first_study_day::text as first, attempts from question_progress where user_id = $1`,
        [userId],
      );
      expect(attempt).eql({ first, attempts: 7 });
      await expectSound(domain, userId);
    });
  });
});
