import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, computeEfficiency, quartilesOf } from '@studyin/domain/algorithms';
import type { EfficiencyFacts, HabitAnswer, HabitSession } from '@studyin/domain/algorithms';

const FROM = '2026-03-02';
const nothing: EfficiencyFacts = { fromDay: FROM, days: [], sessions: [], answers: [], timezone: 'UTC' };

const day = (n: number, totalSeconds: number, activeSeconds: number) => ({
  studyDay: addDays(FROM, n),
  totalSeconds,
  activeSeconds,
  questionsAttempted: 0,
  goalMet: false,
});
const session = (id: string, durationSeconds: number, over: Partial<HabitSession> = {}): HabitSession => ({
  id,
  startedAtMs: Date.parse(`${FROM}T08:00:00Z`),
  studyDay: FROM,
  durationSeconds,
  timezone: null,
  ...over,
});
/** `count` answers on each of `days` days at an hour, in UTC, of which `right` are right. */
const answersAt = (hour: number, { days, count, right }: { days: number; count: number; right: number }) =>
  Array.from({ length: days }, (_, d) =>
    Array.from({ length: count }, (__, n): HabitAnswer => ({
      atMs: Date.parse(`${addDays(FROM, d)}T00:00:00Z`) + hour * 3_600_000 + n * 60_000,
      studyDay: addDays(FROM, d),
      sessionId: `session ${d}`,
      isCorrect: n < right,
      seconds: 10 + n,
    })),
  ).flat();

describe('quartiles', () => {
  it('are those of the sorted numbers, between two of them by proportion', () => {
    expect(quartilesOf([])).equal(null);
    expect(quartilesOf([7])).eql({ lower: 7, median: 7, upper: 7 });
    expect(quartilesOf([4, 1, 3, 2])).eql({ lower: 1.75, median: 2.5, upper: 3.25 });
  });
});

describe('study efficiency', () => {
  it('of nothing is no number, and says what each figure lacks', () => {
    const efficiency = computeEfficiency(nothing);
    expect(efficiency).include({
      activeShare: null,
      sessionSeconds: null,
      answerSeconds: null,
      answersPerActiveHour: null,
      bestHour: null,
    });
    expect(efficiency.insufficient).eql([
      { figure: 'activeShare', needed: 'seconds', have: 0, need: 1 },
      { figure: 'sessionLength', needed: 'sessions', have: 0, need: 5 },
      { figure: 'answerSeconds', needed: 'answers', have: 0, need: 10 },
      { figure: 'answersPerActiveHour', needed: 'active_minutes', have: 0, need: 30 },
      { figure: 'bestHour', needed: 'hours', have: 0, need: 2 },
    ]);
  });

  it('is the share of active time, the lengths of sessions and the pace of answers', () => {
    const efficiency = computeEfficiency({
      ...nothing,
      days: [day(0, 3_000, 1_500), { ...day(1, 1_000, 1_500), questionsAttempted: 20 }],
      sessions: [
        ...[0, 299, 300, 900, 7_200].map((seconds, n) => session(`s${n}`, seconds)),
        session('before', 60, { studyDay: addDays(FROM, -1) }),
        session('unseen', 60, { studyDay: null }),
      ],
      answers: answersAt(9, { days: 2, count: 5, right: 5 }),
    });
    expect(efficiency).include({ totalSeconds: 4_000, activeSeconds: 3_000, activeShare: 0.75, sessions: 5 });
    expect(efficiency.sessionSeconds).eql({ lower: 299, median: 300, upper: 900 });
    expect(efficiency.sessionLengths).eql({ fromMinutes: [0, 5, 15, 30, 60, 120], sessions: [2, 1, 1, 0, 0, 1] });
    expect(efficiency.answerSeconds).eql({ lower: 11, median: 12, upper: 13 });
    expect(efficiency.answersPerActiveHour).equal(24);
  });

  it('names the hour that is clearly better than the others', () => {
    const answers = [
      ...answersAt(8, { days: 10, count: 20, right: 18 }),
      ...answersAt(14, { days: 10, count: 20, right: 10 }),
      ...answersAt(23, { days: 4, count: 20, right: 20 }),
    ];
    const { bestHour, hours } = computeEfficiency({ ...nothing, answers });
    expect(hours.answers[8]).equal(200);
    expect(hours.accuracy[23], 'on four days only').equal(null);
    expect(bestHour).include({ hour: 8, answers: 200, accuracy: 0.9, isClear: true });
    // 180 of 200 against 180 of 280
    expect(bestHour?.difference).closeTo(0.9 - 180 / 280, 1e-12);
    expect(bestHour?.differenceLower).greaterThan(0);
  });

  it('does not call an hour clear that is only the luckiest', () => {
    const answers = [8, 10, 12, 14].flatMap((hour, n) =>
      answersAt(hour, { days: 6, count: 10, right: n === 2 ? 7 : 6 }),
    );
    expect(computeEfficiency({ ...nothing, answers }).bestHour).include({ hour: 12, isClear: false });
  });

  it('reads the hour from the clock where the session was, else from the clock at home', () => {
    const answers = answersAt(6, { days: 1, count: 2, right: 1 });
    const kolkata = session('session 0', 60, { timezone: 'Asia/Kolkata' });
    const inKolkata = computeEfficiency({ ...nothing, answers, sessions: [kolkata], timezone: 'Europe/Berlin' });
    expect(inKolkata.hours.answers[11]).equal(2);
    expect(computeEfficiency({ ...nothing, answers, timezone: 'Europe/Berlin' }).hours.answers[7]).equal(2);
  });

  it('counts every answer in exactly one hour, in any order', () => {
    const answer = fc.record({
      atMs: fc.integer({ min: Date.parse('2026-03-01T00:00:00Z'), max: Date.parse('2026-04-10T00:00:00Z') }),
      studyDay: fc.nat(30).map((n) => addDays(FROM, n)),
      sessionId: fc.constantFrom('a', 'b'),
      isCorrect: fc.boolean(),
      seconds: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 80 }), (answers) => {
        const facts = { ...nothing, answers, sessions: [session('a', 60, { timezone: 'America/New_York' })] };
        const efficiency = computeEfficiency(facts);
        const offset = (atMs: number): number => (atMs < Date.parse('2026-03-08T07:00:00Z') ? 5 : 4);
        const hourOf = ({ atMs, sessionId }: HabitAnswer): number =>
          new Date(atMs - (sessionId === 'a' ? offset(atMs) : 0) * 3_600_000).getUTCHours();
        for (const hour of efficiency.hours.hours) {
          const own = answers.filter((one) => hourOf(one) === hour);
          expect(efficiency.hours.answers[hour]).equal(own.length);
          expect(efficiency.hours.correct[hour]).equal(own.filter(({ isCorrect }) => isCorrect).length);
        }
        expect(computeEfficiency({ ...facts, answers: answers.toReversed() })).eql(efficiency);
      }),
    );
  });
});
