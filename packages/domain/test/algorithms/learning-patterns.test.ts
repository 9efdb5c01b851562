import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, computePatterns, isStreakDay } from '@studyin/domain/algorithms';
import type { HabitAnswer, HabitDay, HabitSession, PatternFacts } from '@studyin/domain/algorithms';

const FROM = '2026-03-02'; // a Monday
const nothing: PatternFacts = {
  fromDay: FROM,
  toDay: addDays(FROM, 29),
  firstStudyDay: null,
  days: [],
  sessions: [],
  answers: [],
  readings: [],
  timezone: 'UTC',
};
const day = (n: number, over: Partial<HabitDay> = {}): HabitDay => ({
  studyDay: addDays(FROM, n),
  totalSeconds: 600,
  activeSeconds: 600,
  questionsAttempted: 1,
  goalMet: false,
  ...over,
});
const session = (n: number, over: Partial<HabitSession> = {}): HabitSession => ({
  id: `session ${n}`,
  startedAtMs: Date.parse(`${addDays(FROM, n)}T08:30:00Z`),
  studyDay: addDays(FROM, n),
  durationSeconds: 600,
  timezone: null,
  ...over,
});
const answer = (n: number, minute: number, isCorrect: boolean): HabitAnswer => ({
  atMs: Date.parse(`${addDays(FROM, n)}T08:30:00Z`) + minute * 60_000,
  studyDay: addDays(FROM, n),
  sessionId: `session ${n}`,
  isCorrect,
  seconds: 20,
});

describe('learning patterns', () => {
  it('of nothing are no number, and say what each lacks', () => {
    const patterns = computePatterns(nothing);
    expect(patterns.consistency).include({ days: 0, activeShare: null });
    expect(patterns.lateChange).equal(null);
    expect(patterns.insufficient).eql([
      { figure: 'consistency', needed: 'days', have: 0, need: 1 },
      { figure: 'lateChange', needed: 'answers', have: 0, need: 30 },
      { figure: 'materialKinds', needed: 'materials', have: 0, need: 1 },
    ]);
  });

  it('count days since the first study day, and today only once it is one', () => {
    const days = [day(20, { goalMet: true }), day(21), day(25), day(26, { questionsAttempted: 0, activeSeconds: 299 })];
    const since = (firstStudyDay: string, more: readonly HabitDay[] = []) =>
      computePatterns({ ...nothing, firstStudyDay, days: [...days, ...more] }).consistency;
    expect(since(addDays(FROM, 20))).eql({
      days: 9,
      activeDays: 3,
      activeShare: 3 / 9,
      goalDays: 1,
      longestBreakDays: 3,
    });
    expect(since('2025-01-01')).include({ days: 29, activeDays: 3, longestBreakDays: 20 });
    expect(since(addDays(FROM, 20), [day(29)])).include({ days: 10, activeDays: 4, longestBreakDays: 3 });
  });

  it('are consistent as walking the calendar finds them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(29)), fc.integer({ min: -5, max: 29 }), (offsets, first) => {
        const days = offsets.filter((n) => n >= first).map((n) => day(n));
        const { consistency } = computePatterns({ ...nothing, firstStudyDay: addDays(FROM, first), days });
        const from = Math.max(0, first);
        const walked = Array.from({ length: 30 - from }, (_, n) =>
          days.some((one) => one.studyDay === addDays(FROM, from + n) && isStreakDay(one)),
        );
        if (walked.at(-1) === false) walked.pop();
        expect(consistency.days).equal(walked.length);
        expect(consistency.activeDays).equal(walked.filter(Boolean).length);
        const breaks = walked
          .map((active) => (active ? ' ' : '-'))
          .join('')
          .split(' ')
          .map((run) => run.length);
        expect(consistency.longestBreakDays).equal(Math.max(0, ...breaks));
      }),
    );
  });

  it('place what happened in the hours of the week, on the clock where it happened', () => {
    const { week } = computePatterns({
      ...nothing,
      sessions: [session(0), session(1, { timezone: 'Asia/Tokyo' }), session(-1)],
      answers: [answer(0, 0, true), answer(0, 40, false), answer(1, 0, true)],
    });
    expect(week).eql({
      weekdays: [1, 1, 2],
      hours: [8, 9, 17],
      sessions: [1, 0, 1],
      answers: [1, 1, 1],
      correct: [1, 0, 1],
    });
  });

  it('tell accuracy by the minute since the session began, where there is enough of it', () => {
    const days = [0, 1, 2, 3, 4];
    const sessions = days.map((n) => session(n));
    const answers = days.flatMap((n) => [
      ...Array.from({ length: 10 }, (_, k) => answer(n, k < 5 ? 0 : 4.99, k !== 0)),
      ...Array.from({ length: 10 }, (_, k) => answer(n, 61 + 10 * k, k < 3)),
      answer(n, 30, true),
      { ...answer(n, 2, true), sessionId: 'not given' },
    ]);
    const { minutes, lateChange } = computePatterns({ ...nothing, sessions, answers });
    expect(minutes.fromMinutes).eql([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    expect(minutes.answers).eql([50, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 50]);
    expect(minutes.correct).eql([45, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 15]);
    expect(minutes.accuracy).eql([0.9, null, null, null, null, null, null, null, null, null, null, null, 0.3]);
    expect(minutes.lower[0]).lessThan(0.9);
    expect(lateChange).include({ early: 0.9, late: 0.3, isClear: true });
    expect(lateChange?.upper).lessThan(0);
    const few = computePatterns({ ...nothing, sessions, answers: answers.filter(({ studyDay }) => studyDay > FROM) });
    expect(few.lateChange, 'four sessions only').equal(null);
    expect(few.insufficient).deep.include({ figure: 'lateChange', needed: 'answers', have: 0, need: 30 });
  });

  it('add reading up by the kind of material', () => {
    const reading = (materialId: string, kind: string | null, seconds: number, isComplete = false) => ({
      sessionId: 'session 0',
      materialId,
      kind,
      seconds,
      isComplete,
    });
    const { kinds } = computePatterns({
      ...nothing,
      readings: [
        reading('a', 'pdf', 100),
        reading('a', 'pdf', 50, true),
        reading('b', 'video', 300, true),
        reading('c', 'pdf', 50),
        reading('d', null, 0),
      ],
    });
    expect(kinds).eql({
      kinds: ['video', 'pdf', null],
      seconds: [300, 200, 0],
      shares: [0.6, 0.4, 0],
      materials: [1, 2, 1],
      completed: [1, 1, 0],
    });
  });
});
