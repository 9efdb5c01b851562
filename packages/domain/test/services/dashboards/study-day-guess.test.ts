import { expect } from 'chai';
import { statement } from '@studyin/domain/database';
import { findOnStudyDay } from '../../../src/services/learner-zones.ts';
import { findWatermark } from '../../../src/services/find-watermark.ts';
import { learnerId, strangerId, useDashboardApp } from './fixture.ts';

// In UTC it is 2 March; on Kiritimati, 14 hours ahead, the 3rd; in the far west, 12 behind, the 1st.
const fixedAt = new Date('2026-03-02T11:00:00Z');
const move = statement('test.move', `update learners set timezone = $1, rollover_hour = $2`);

describe('what is sought on the day that it probably is for a learner', () => {
  const app = useDashboardApp();

  const moveTo = (timezone: string, rolloverHour = 0): Promise<unknown> =>
    app().database.reader.query(move, [timezone, rolloverHour]);

  /** The days that were sought, the last of which is the answer's. */
  const daysSought = async (of: ReturnType<typeof app>, userId = learnerId): Promise<readonly string[]> => {
    const days: string[] = [];
    const known = findWatermark(of, { userId }).then((row) => row ?? Promise.reject(new Error('nobody')));
    const answer = await findOnStudyDay(of, { userId, known }, async (today) => {
      days.push(today);
      return today;
    });
    expect(answer).to.equal(days.at(-1));
    return days;
  };

  it('is sought again where the learner has moved, and once where they are where they were', async () => {
    const moving = { ...app(), clock: { fixedAt } };
    await moveTo('UTC');
    expect(await daysSought(moving), 'of somebody not heard of').to.deep.equal(['2026-03-02']);
    await moveTo('Pacific/Kiritimati');
    expect(await daysSought(moving)).to.deep.equal(['2026-03-02', '2026-03-03']);
    expect(await daysSought(moving)).to.deep.equal(['2026-03-03']);
    await moveTo('Etc/GMT+12');
    expect(await daysSought(moving)).to.deep.equal(['2026-03-03', '2026-03-01']);
    await moveTo('UTC', 12);
    expect(await daysSought(moving), 'another rollover, the same day').to.deep.equal(['2026-03-01']);
  });

  it('is of the day that the database says, where the clock of this machine is behind', async () => {
    const nextMorning = new Date('2026-03-03T00:00:00Z');
    await moveTo('UTC');
    const behind = { ...app(), clock: { fixedAt } };
    const days: string[] = [];
    const known = findWatermark({ ...behind, clock: { fixedAt: nextMorning } }, { userId: learnerId });
    const answer = await findOnStudyDay(
      behind,
      { userId: learnerId, known: known.then((row) => row ?? Promise.reject(new Error('nobody'))) },
      async (today) => void days.push(today),
    );
    expect([answer, days]).to.deep.equal([undefined, ['2026-03-02', '2026-03-03']]);
  });

  it('ends with what was wrong with the learner, or else with what was wrong with the rows', async () => {
    const failing = { ...app(), clock: { fixedAt } };
    const fail = (): Promise<never> => Promise.reject(new Error('no rows'));
    const errorOf = (known: Promise<{ readonly studyDay: string }>): Promise<unknown> =>
      findOnStudyDay(failing, { userId: strangerId, known }, fail).catch((error: unknown) => String(error));
    expect(await errorOf(Promise.reject(new Error('nobody')))).to.equal('Error: nobody');
    expect(await errorOf(Promise.resolve({ studyDay: '2026-03-02' }))).to.equal('Error: no rows');
  });

  it('is not left reading for a day that it is not, nor about nobody', async () => {
    const waiting = { ...app(), clock: { fixedAt } };
    const order: string[] = [];
    const seek = async (day: string): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(day);
    };
    const known = Promise.resolve({ studyDay: '2026-03-03' });
    await findOnStudyDay(waiting, { userId: strangerId, known }, seek);
    expect(order).to.deep.equal(['2026-03-02', '2026-03-03']);
    const nobody = Promise.reject<{ studyDay: string }>(new Error('nobody'));
    await findOnStudyDay(waiting, { userId: strangerId, known: nobody }, seek).catch(() => order.push('nobody'));
    expect(order).to.deep.equal(['2026-03-02', '2026-03-03', '2026-03-02', 'nobody']);
  });
});
