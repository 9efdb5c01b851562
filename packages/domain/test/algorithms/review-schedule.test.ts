import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  createStudyDayCalculator,
  elapsedStudyDays,
  foldReviews,
  fsrsIntervalDays,
  nextMemoryState,
  retrievabilityOn,
  reviewRating,
  type MemoryState,
  type ReviewAnswer,
  type ReviewState,
  type Scheduler,
} from '@studyin/domain/algorithms';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const SCHEDULERS: readonly Scheduler[] = ['fsrs-6', 'sm2-seed', 'sm2'];
const studyDayOf = createStudyDayCalculator();

const answerAt = (atMs: number, changes: Partial<ReviewAnswer> = {}): ReviewAnswer => ({
  id: `id-${String(atMs).padStart(15, '0')}`,
  atMs,
  studyDay: studyDayOf(atMs, 'UTC', 0),
  isCorrect: true,
  timeToAnswerSeconds: 60,
  confidenceLevel: null,
  hintUsed: false,
  explanationViewed: false,
  ...changes,
});

const onDays = (...days: readonly (readonly [number, boolean])[]): readonly ReviewAnswer[] =>
  days.map(([day, isCorrect], index) => answerAt(START + day * DAY + index * MINUTE, { isCorrect }));

const answersArbitrary = fc
  .array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 1, max: 2 * DAY }), fc.integer({ min: 1, max: 200 * DAY })),
      // A learner who flies: the study day of a later answer may be the earlier one.
      timezone: fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Kiritimati'),
      isCorrect: fc.boolean(),
      hintUsed: fc.boolean(),
      timeToAnswerSeconds: fc.integer({ min: 1, max: 120 }),
      confidenceLevel: fc.option(fc.integer({ min: 1, max: 5 })),
    }),
    { maxLength: 25 },
  )
  .map((steps) => {
    let atMs = START;
    return steps.map(({ waitMs, timezone, ...answer }) => {
      atMs += waitMs;
      return answerAt(atMs, { ...answer, studyDay: studyDayOf(atMs, timezone, 4) });
    });
  });

function scheduleOf(scheduler: Scheduler, answers: readonly ReviewAnswer[]): ReviewState {
  const state = foldReviews(scheduler, null, answers);
  if (state === null) throw new Error('no answer, no schedule');
  return state;
}

describe('the schedule of a question', () => {
  it('is null before the first answer, and the stored one without a new answer', () => {
    for (const scheduler of SCHEDULERS) {
      expect(foldReviews(scheduler, null, [])).equal(null);
      const stored = scheduleOf(scheduler, [answerAt(START)]);
      expect(foldReviews(scheduler, stored, [])).equal(stored);
    }
  });

  const table: readonly (readonly [string, Scheduler, readonly ReviewAnswer[], number, string])[] = [
    ['fsrs-6, right once', 'fsrs-6', onDays([0, true]), 2, '2026-03-04'],
    ['fsrs-6, wrong once', 'fsrs-6', onDays([0, false]), 1, '2026-03-03'],
    ['fsrs-6, right on time', 'fsrs-6', onDays([0, true], [2, true]), 11, '2026-03-15'],
    ['sm2-seed, right three times', 'sm2-seed', onDays([0, true], [1, true], [7, true]), 9, '2026-03-18'],
    ['sm2-seed, right again on the day', 'sm2-seed', onDays([0, true], [0, true]), 6, '2026-03-08'],
    ['sm2-seed, wrong at the end', 'sm2-seed', onDays([0, true], [1, true], [7, false]), 1, '2026-03-10'],
    ['sm2, right three times', 'sm2', onDays([0, true], [1, true], [7, true]), 15, '2026-03-24'],
    [
      'sm2, right again and wrong on the day',
      'sm2',
      onDays([0, true], [1, true], [1, true], [1, false]),
      6,
      '2026-03-09',
    ],
  ];
  for (const [what, scheduler, answers, intervalDays, dueDay] of table) {
    it(`by ${what} is due after ${intervalDays} days`, () => {
      expect(scheduleOf(scheduler, answers)).include({ intervalDays, dueDay });
    });
  }

  it('continued from the stored state is the one folded anew', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEDULERS), answersArbitrary, fc.nat({ max: 25 }), (scheduler, answers, cut) => {
        // Through JSON, as a row would carry it.
        const before = foldReviews(scheduler, null, answers.slice(0, cut));
        const stored = JSON.parse(JSON.stringify(before)) as ReviewState | null;
        expect(foldReviews(scheduler, stored, answers.slice(cut))).deep.equal(foldReviews(scheduler, null, answers));
      }),
    );
  });

  it('by fsrs-6 is the memory stepped answer by answer over differences of study days', () => {
    fc.assert(
      fc.property(answersArbitrary, (answers) => {
        let memory: MemoryState | null = null;
        for (const [index, answer] of answers.entries()) {
          const from = answers[index - 1]?.studyDay ?? answer.studyDay;
          memory = nextMemoryState(memory, reviewRating(answer), elapsedStudyDays(from, answer.studyDay));
        }
        const state = foldReviews('fsrs-6', null, answers);
        expect(state?.stability ?? null).equal(memory?.stability ?? null);
        if (memory !== null) expect(state?.intervalDays).equal(fsrsIntervalDays(memory.stability));
      }),
    );
  });

  it('is due at least a day and at most a century after the last answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEDULERS), answersArbitrary, (scheduler, answers) => {
        const state = foldReviews(scheduler, null, answers);
        if (state === null) return;
        expect(state.intervalDays).within(1, 36_500);
        expect(state.lastStudyDay).equal(answers.at(-1)?.studyDay);
        if (scheduler !== 'sm2') expect(state.dueDay).equal(addDays(state.lastStudyDay, state.intervalDays));
      }),
    );
  });

  it('stays within a century however often a question is answered', () => {
    const answers = Array.from({ length: 200 }, (_, index) =>
      answerAt(START + index * DAY, { timeToAnswerSeconds: 1, confidenceLevel: 5 }),
    );
    expect(scheduleOf('sm2-seed', answers).intervalDays).equal(36_500);
    expect(scheduleOf('sm2', answers).intervalDays).equal(36_500);
  });

  it('is the same for two answers 20 minutes apart on one study day, whether or not UTC midnight lies between', () => {
    const pairFrom = (atMs: number, timezone: string): readonly ReviewAnswer[] =>
      [atMs, atMs + 20 * MINUTE].map((one) => answerAt(one, { studyDay: studyDayOf(one, timezone, 0) }));
    const acrossUtcMidnight = START + DAY - 10 * MINUTE;
    for (const scheduler of SCHEDULERS) {
      const within = scheduleOf(scheduler, pairFrom(acrossUtcMidnight - 60 * MINUTE, 'America/Los_Angeles'));
      const across = scheduleOf(scheduler, pairFrom(acrossUtcMidnight, 'America/Los_Angeles'));
      expect(across).deep.equal(within);
    }
    expect(scheduleOf('fsrs-6', pairFrom(acrossUtcMidnight, 'America/Los_Angeles')).intervalDays).equal(2);
    // What days in UTC would make of it.
    expect(scheduleOf('fsrs-6', pairFrom(acrossUtcMidnight, 'UTC')).intervalDays).equal(7);
  });

  it('takes a flight west, whose study day is the earlier one, as the same day', () => {
    const landed = answerAt(START + DAY, { studyDay: '2026-03-01' });
    const state = scheduleOf('fsrs-6', [answerAt(START), landed]);
    expect(state.stability).equal(nextMemoryState(nextMemoryState(null, 'good', 0), 'good', 0).stability);
    expect(state).include({ lastStudyDay: '2026-03-01', dueDay: '2026-03-03' });
  });

  it('refuses answers out of canonical order', () => {
    for (const scheduler of SCHEDULERS) {
      expect(() => foldReviews(scheduler, null, [answerAt(START + 1), answerAt(START)])).throw(
        RangeError,
        'come after',
      );
      expect(() => foldReviews(scheduler, null, [answerAt(START), answerAt(START)])).throw(RangeError, 'come after');
    }
  });

  it('refuses to go on from what another scheduler made', () => {
    for (const maker of SCHEDULERS) {
      const stored = scheduleOf(maker, [answerAt(START)]);
      for (const scheduler of SCHEDULERS.filter((one) => one !== maker)) {
        expect(() => foldReviews(scheduler, stored, [answerAt(START + DAY)])).throw(RangeError, scheduler);
      }
    }
  });

  it('is recalled for certain on the day of the answer, and has a chance of 0.9 when due', () => {
    const state = scheduleOf('fsrs-6', onDays([0, true], [2, true]));
    expect(retrievabilityOn(state, '2026-03-04')).equal(1);
    expect(retrievabilityOn(state, '2026-03-01')).equal(1);
    expect(retrievabilityOn(state, state.dueDay)).closeTo(0.9, 0.01);
    expect(retrievabilityOn(scheduleOf('sm2', onDays([0, true])), '2026-03-04')).equal(null);
  });
});
