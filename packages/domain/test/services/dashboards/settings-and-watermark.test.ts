import { expect } from 'chai';
import { settingsOutput, updateSettingsInput } from '@studyin/api/schemas/learner';
import { findOwnWatermark, findWatermark } from '../../../src/services/find-watermark.ts';
import { getSettings } from '../../../src/services/get-settings.ts';
import { subjectOf } from '../../../src/services/subject.ts';
import { updateSettings } from '../../../src/services/update-settings.ts';
import { expectAnswer, id, insertRows, learnerId, refusalOf, strangerId, useDashboardApp } from './fixture.ts';

describe('settings and watermark', () => {
  const app = useDashboardApp();

  it('a new learner has the defaults', async () => {
    const settings = await getSettings(app(), { userId: learnerId });
    expectAnswer(settingsOutput, settings);
    expect(settings).to.deep.equal({ timezone: 'UTC', rolloverHour: 0, dailyGoalMinutes: 30, examDate: null });
    expect(await refusalOf(getSettings(app(), { userId: strangerId }))).to.equal('not_found userId');
  });

  it('an update changes what it names, keeps the rest and moves the watermark', async () => {
    const userId = id('changing');
    const first = await updateSettings(app(), { userId, timezone: 'Asia/Tokyo', examDate: '2026-06-30' });
    expectAnswer(settingsOutput, first);
    expect(first).to.deep.equal({
      timezone: 'Asia/Tokyo',
      rolloverHour: 0,
      dailyGoalMinutes: 30,
      examDate: '2026-06-30',
    });
    const before = await findWatermark(app(), { userId });
    const second = await updateSettings(app(), { userId, rolloverHour: 4, dailyGoalMinutes: 45 });
    expect(second).to.deep.equal({ ...first, rolloverHour: 4, dailyGoalMinutes: 45 });
    const after = await findWatermark(app(), { userId });
    expect(after?.watermark).to.equal((before?.watermark ?? NaN) + 1);
    const third = await updateSettings(app(), { userId, examDate: null });
    expect(third).to.deep.equal({ ...second, examDate: null });
    expect(await getSettings(app(), { userId })).to.deep.equal(third);
  });

  it('a value out of range is refused with its path and makes no learner', async () => {
    const userId = id('refused');
    const bad = [
      { timezone: 'Mars/Olympus' },
      { timezone: '+02:00' },
      { rolloverHour: 24 },
      { rolloverHour: 1.5 },
      { dailyGoalMinutes: 0 },
      { dailyGoalMinutes: 1_441 },
      { examDate: '2026-02-30' },
      { examDate: 'infinity' },
      { examDate: '1999-12-31' },
    ];
    for (const change of bad) {
      const path = Object.keys(change).join();
      expect(await refusalOf(updateSettings(app(), { userId, ...change }))).to.equal(`invalid ${path}`);
      const parsed = updateSettingsInput.safeParse(change);
      expect(
        parsed.error?.issues.map((issue) => issue.path.join('.')),
        JSON.stringify(change),
      ).to.deep.equal([path]);
    }
    expect(await findWatermark(app(), { userId })).to.equal(null);
  });

  it('an erased learner is not made again', async () => {
    const userId = id('erased');
    const subject = subjectOf(app().keys.subject, userId).toString('hex');
    await insertRows(app().database, 'erased_learners', [{ subject: `\\x${subject}` }]);
    expect(await refusalOf(updateSettings(app(), { userId, rolloverHour: 3 }))).to.equal('erased userId');
    expect(await findWatermark(app(), { userId })).to.equal(null);
  });

  it('the watermark comes with the curriculum version and the study day of the learner at that moment', async () => {
    const userId = id('far east');
    await updateSettings(app(), { userId, timezone: 'Pacific/Kiritimati', rolloverHour: 4 });
    const at = async (instant: string) => {
      const watermark = await findWatermark({ ...app(), clock: { fixedAt: new Date(instant) } }, { userId });
      return watermark?.studyDay;
    };
    // 14 hours ahead of UTC: 14:00 is 04:00 of the next day
    expect(await at('2026-03-18T13:59:59Z')).to.equal('2026-03-18');
    expect(await at('2026-03-18T14:00:00Z')).to.equal('2026-03-19');
    const now = await findWatermark(app(), { userId: learnerId });
    expect(now).to.deep.include({ watermark: 0, curriculumVersion: 0, peersNight: null });
    expect(Math.abs(Date.parse(now?.studyDay ?? '') - Date.now())).to.be.below(2 * 86_400_000);
    expect(await findWatermark(app(), { userId: strangerId })).to.equal(null);
  });

  it('the watermark of what is their own is the same without what all learners share', async () => {
    const userId = id('far east');
    await updateSettings(app(), { userId, timezone: 'Pacific/Kiritimati', rolloverHour: 4 });
    const then = { ...app(), clock: { fixedAt: new Date('2026-03-18T14:00:00Z') } };
    const whole = await findWatermark(then, { userId });
    const own = await findOwnWatermark(then, { userId });
    expect(own).to.deep.equal({ watermark: whole?.watermark, studyDay: '2026-03-19' });
    expect(await findOwnWatermark(then, { userId: strangerId })).to.equal(null);
  });

  it('the watermark tells of the last night that peers were computed for', async () => {
    await insertRows(app().database, 'batch_runs', [{ step: 'peers', watermark: '2026-03-17', rows_written: 0 }]);
    expect(await findWatermark(app(), { userId: learnerId })).to.include({ peersNight: '2026-03-17' });
  });
});
