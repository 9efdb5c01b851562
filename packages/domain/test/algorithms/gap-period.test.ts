import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  eloModel,
  emptyTopicState,
  foldAnswer,
  gapPeriod,
  isRecentlyResolved,
  masteryV1,
  materialProgressAt,
  utcDayOf,
  type GapHistory,
  type TopicMaterials,
  type TopicState,
} from '@studyin/domain/algorithms';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 2, 1, 12);

const points = (...days: readonly [day: number, isGap: boolean][]) =>
  days.map(([day, isGap]) => ({ studyDay: `2026-03-${String(day).padStart(2, '0')}`, isGap }));

function periodOf(history: Partial<GapHistory>): object {
  const nothing: GapHistory = {
    points: [],
    topicId: 't',
    model: eloModel,
    state: emptyTopicState,
    materials: undefined,
    asOfMs: NOON,
    score: null,
    firstStudyDay: '2026-02-01',
  };
  return gapPeriod({ ...nothing, ...history });
}

/** A topic answered right `times` times in a row, a minute apart, from `NOON` on. */
function practised(times: number): TopicState {
  return Array.from({ length: times }, (_, n) => n).reduce(
    (state, n) =>
      foldAnswer(state, {
        isCorrect: true,
        isFirstAttempt: true,
        atMs: NOON + (n + 1 - times) * 60_000,
        timeToAnswerSeconds: 9,
      }),
    emptyTopicState,
  );
}

describe('the period of a gap', () => {
  it('of a topic that was never practised is open since the first study day', () => {
    expect(periodOf({})).to.deep.equal({ identifiedOn: '2026-02-01', resolvedOn: null });
  });

  it('begins with the first day of the last run below 0.8', () => {
    const days = points([2, true], [3, false], [5, true], [9, true]);
    expect(periodOf({ points: days, score: 0.4 })).to.deep.equal({ identifiedOn: '2026-03-05', resolvedOn: null });
    expect(periodOf({ points: days.slice(0, 1), score: 0.799 })).to.deep.equal({
      identifiedOn: '2026-03-02',
      resolvedOn: null,
    });
  });

  it('ends with the first day of the run at 0.8 and above that followed', () => {
    const days = points([1, false], [2, true], [4, true], [6, false], [8, false]);
    expect(periodOf({ points: days, score: 0.8 })).to.deep.equal({
      identifiedOn: '2026-03-02',
      resolvedOn: '2026-03-06',
    });
  });

  it('of a topic that was mastered at once began with the first study day', () => {
    expect(periodOf({ points: points([4, false], [5, false]), score: 0.9 })).to.deep.equal({
      identifiedOn: '2026-02-01',
      resolvedOn: '2026-03-04',
    });
  });

  it('needs the first of equal neighbours and the last of all only', () => {
    const all = points([1, true], [2, true], [3, false], [4, false], [6, true], [7, true]);
    const turns = all.filter((point, n) => point.isGap !== all[n - 1]?.isGap || n === all.length - 1);
    for (const score of [0.1, 0.9]) {
      const asOfMs = NOON + 6 * DAY;
      const rest = { score, asOfMs, state: practised(3) };
      expect(periodOf({ points: turns, ...rest })).to.deep.equal(periodOf({ points: all, ...rest }));
    }
  });

  it('begins when forgetting alone brings the topic below 0.8', () => {
    // Three right answers: first attempts and all answers 1, E 0.8285, h 8 days; without materials .625 + .375 · E · 2^(−d/8)
    // is below .8 from d = 8 · log₂(.375 · .8285 / .175) = 6.62 days on: in the course of 8 March (noon of the 1st + 6.62).
    const state = practised(3);
    const asOfMs = Date.UTC(2026, 2, 31);
    const score = masteryV1(state, asOfMs, { total: 0, completed: 0 });
    expect(score).to.be.lessThan(0.8);
    expect(periodOf({ points: points([1, false]), state, asOfMs, score })).to.deep.equal({
      identifiedOn: '2026-03-08',
      resolvedOn: null,
    });
  });

  it('ends when a completed material alone brings the topic to 0.8', () => {
    const state = practised(4);
    const materials: TopicMaterials = { total: 1, completedAtMs: [NOON + 2 * DAY] };
    const asOfMs = NOON + 2 * DAY;
    const score = masteryV1(state, asOfMs, materialProgressAt(materials, asOfMs));
    expect(score).to.be.greaterThan(0.8);
    expect(periodOf({ points: points([1, true]), state, materials, asOfMs, score })).to.deep.equal({
      identifiedOn: '2026-03-01',
      resolvedOn: '2026-03-03',
    });
  });

  it('does not move with the time of evaluation while the score stays where it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 60 }), (times, days) => {
        const state = practised(times);
        const at = (asOfMs: number) => {
          const score = masteryV1(state, asOfMs, { total: 0, completed: 0 }) ?? 0;
          const isGap = (masteryV1(state, NOON, { total: 0, completed: 0 }) ?? 0) < 0.8;
          return { score, period: periodOf({ points: points([1, isGap]), state, asOfMs, score }) };
        };
        const [one, other] = [at(NOON + days * DAY), at(NOON + (days + 1) * DAY)];
        if (one.score < 0.8 === other.score < 0.8) expect(other.period).to.deep.equal(one.period);
      }),
    );
  });

  it('is shown for 90 days after its end', () => {
    const asOfDay = utcDayOf(NOON);
    expect(isRecentlyResolved(addDays(asOfDay, -90), NOON)).to.equal(true);
    expect(isRecentlyResolved(addDays(asOfDay, -91), NOON)).to.equal(false);
  });
});
