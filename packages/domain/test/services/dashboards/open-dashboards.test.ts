import { expect } from 'chai';
import { openDashboards } from '../../../src/services/open-dashboards.ts';
import { useDashboardApp } from './fixture.ts';

// As docs/queries.md has them; what else a dashboard asks is asked where the cache has nothing, too, or seldom.
const tenQueries = [
  'dashboard.metrics',
  'dashboard.days',
  'dashboard.sessions',
  'dashboard.mastery_weakest',
  'dashboard.systems',
  'dashboard.gaps',
  'dashboard.topic_days',
  'dashboard.question_attempts',
  'dashboard.question_progress',
  'dashboard.first_attempts',
  'dashboard.materials',
  'dashboard.review_queue',
  'dashboard.due_count',
];

const watermarks = ['dashboard.learner_watermark', 'dashboard.own_watermark', 'dashboard.learner_watermarks'];

describe('a connection that is made ready for dashboards', () => {
  const app = useDashboardApp();

  it('has run each statement of the ten queries and of the first screen, and the look at the watermark', async () => {
    const prepared = await app().database.inOrder(async (reader) => {
      await openDashboards(app(), reader);
      const text = 'select name from pg_prepared_statements where generic_plans + custom_plans > 0';
      return reader.query<{ name: string }>({ name: 'test.prepared', text });
    });
    const names = prepared.map(({ name }) => name);
    expect(names).to.include.members([...watermarks, ...tenQueries]);
    expect(names, 'asked for nothing beside the watermark').not.to.include('dashboard.learner_exists');
  });
});
