import { expect } from 'chai';
import { Registry } from 'prom-client';
import { rejectReasons } from '@studyin/domain/events';
import type { Standing } from '@studyin/domain/services';
import { addStandingMetrics } from '@studyin/telemetry/standing-metrics';

const standing: Standing = {
  queues: [{ queue: 'update-learner', waiting: 3, active: 1, dead: 2, oldestSeconds: 41.5 }],
  tables: [{ table: 'topic_mastery', seconds: 41.5 }],
  nights: [{ step: 'mastery', watermark: '2026-01-01', lagDays: 1 }],
  quarantine: [{ reason: 'pii', items: 7 }],
};

describe('the metrics of the standing', () => {
  it('show each number under its labels', async () => {
    const registry = new Registry();
    await addStandingMetrics(registry, () => Promise.resolve(standing))();
    const text = await registry.metrics();
    for (const line of [
      'studyin_standing_up 1',
      'studyin_queue_jobs{queue="update-learner",state="waiting"} 3',
      'studyin_queue_jobs{queue="update-learner",state="active"} 1',
      'studyin_queue_jobs{queue="update-learner",state="dead"} 2',
      'studyin_queue_oldest_seconds{queue="update-learner"} 41.5',
      'studyin_derived_lag_seconds{table="topic_mastery"} 41.5',
      'studyin_nights_missed{step="mastery"} 1',
      'studyin_quarantine_items{reason="pii"} 7',
    ]) {
      expect(text.split('\n')).to.include(line);
    }
  });

  it('show a reason with nothing in quarantine as well, so that its first items are seen to come', async () => {
    const registry = new Registry();
    await addStandingMetrics(registry, () => Promise.resolve(standing))();
    const text = await registry.metrics();
    for (const reason of rejectReasons) {
      expect(text).to.include(`studyin_quarantine_items{reason="${reason}"} ${reason === 'pii' ? 7 : 0}`);
    }
  });

  it('ask once for many who scrape at the same time or soon after', async () => {
    let asked = 0;
    const ask = addStandingMetrics(new Registry(), () => {
      asked += 1;
      return Promise.resolve(standing);
    });
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(asked).to.equal(1);
  });

  it('are left out while the database is away, which shows', async () => {
    const registry = new Registry();
    let isAway = false;
    const ask = addStandingMetrics(
      registry,
      () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(standing)),
      { freshMs: 0 },
    );
    await ask();
    expect(await registry.metrics()).to.match(/studyin_queue_jobs\{/);
    isAway = true;
    await ask();
    const text = await registry.metrics();
    expect(text)
      .to.include('studyin_standing_up 0')
      .and.not.match(/\{(queue|table|step|reason)=/);
  });

  it('are left out while the database hangs, which is not asked a second time meanwhile', async () => {
    const registry = new Registry();
    let asked = 0;
    let answer: (found: Standing) => void = () => undefined;
    const find = (): Promise<Standing> => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    };
    const ask = addStandingMetrics(registry, find, { freshMs: 0, patienceMs: 10 });
    await ask();
    await ask();
    expect(await registry.metrics()).to.include('studyin_standing_up 0');
    expect(asked).to.equal(1);
    answer(standing);
    await new Promise(setImmediate);
    expect(await registry.metrics())
      .to.include('studyin_standing_up 1')
      .and.include('studyin_nights_missed{step="mastery"} 1');
    const next = ask();
    expect(asked).to.equal(2);
    answer(standing);
    await next;
  });
});
