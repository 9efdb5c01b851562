import { expect } from 'chai';
import { rejectReasons } from '@studyin/domain/events';
import { createMetrics } from '../src/metrics.ts';

const log = { warn: () => undefined };

describe('the metrics of the API', () => {
  it('show what is counted before there is any, so that the first is seen to come', async () => {
    const lines = (await createMetrics(log).render()).split('\n');
    expect(lines).to.include.members([
      'studyin_api_items_total{status="accepted",reason=""} 0',
      'studyin_api_items_total{status="duplicate",reason=""} 0',
      'studyin_api_items_total{status="conflict",reason=""} 0',
      ...rejectReasons.map((reason) => `studyin_api_items_total{status="rejected",reason="${reason}"} 0`),
      'studyin_api_dashboard_answers_total{from="cache"} 0',
      'studyin_api_dashboard_answers_total{from="tables"} 0',
      'studyin_api_dashboard_answers_total{from="shared"} 0',
    ]);
  });

  it('count under the labels that were shown', async () => {
    const metrics = createMetrics(log);
    metrics.countItem('accepted', null);
    metrics.countItem('rejected', 'pii');
    metrics.countAnswer('shared');
    const lines = (await metrics.render()).split('\n');
    expect(lines).to.include('studyin_api_items_total{status="accepted",reason=""} 1');
    expect(lines).to.include('studyin_api_items_total{status="rejected",reason="pii"} 1');
    expect(lines).to.include('studyin_api_dashboard_answers_total{from="shared"} 1');
  });
});
