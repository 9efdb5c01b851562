import { join } from 'node:path';
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { eventIdFor } from '@studyin/domain/events';
import { awayFromMidnight } from '@studyin/testkit/away-from';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { idOf } from '@studyin/testkit/test-domain';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

const ensureOld = statement('test.ensure_old', `select ensure_partitions(now() - interval '3 months')`);
const countEvents = statement('test.count_events', `select count(*)::int as n from study_events`);
const countRestored = statement('test.count_restored', `select count(*)::int as n from archive.study_events_1`);
const insertEvent = statement(
  'test.old_event',
  `with learner as (insert into learners (user_id) values ($1))
  insert into study_events (user_id, created_at, id, received_at, study_day, session_id, event_type)
  values ($1, $2, $3, $2, $4::date, $1, 'session_start')`,
);

/** A day before today, UTC; a run is as of yesterday. */
function daysBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

describe('studyin retention', function () {
  this.timeout(60_000);
  const testDatabase = useTestDatabase();
  let home: Home;
  let database: Database;
  let month: string;
  before(async () => {
    await awayFromMidnight(40_000);
    database = connect({ url: testDatabase().url, applicationName: 'retention-test', poolSize: 1 });
    home = makeHome({ DATABASE_URL: testDatabase().url });
    // Nothing is dropped before a night; this one comes before there is anything old.
    expect(await home.run(['nightly'])).property('code', 0);
    await database.reader.query(ensureOld);
    const now = new Date();
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 25, 10));
    const day = at.toISOString().slice(0, 10);
    month = day.slice(0, 7);
    await database.reader.query(insertEvent, [idOf('learner', 1), at, eventIdFor(at.getTime(), 'old'), day]);
  });
  after(async () => {
    await database.close();
    home.remove();
  });
  const events = async (): Promise<number> => (await database.reader.query<{ n: number }>(countEvents))[0]?.n ?? -1;

  it('tells with --dry-run, drops, archives, lists and restores', async () => {
    const settings = { STUDYIN_ARCHIVE_DIR: join(home.folder, 'old months'), STUDYIN_QUARANTINE_DAYS: '30' };
    const expected = { month, events: 1, attempts: 0, archive: null };
    const dry = await home.run(['retention', '--dry-run', '--json'], settings);
    expect(dry.json, dry.stderr).deep.include({ dryRun: true, learners: 1 });
    expect(dry.json).property('months').deep.include(expected);
    expect(dry.json)
      .property('oldRows')
      .deep.include({ kind: 'access_log', keptDays: 400, before: daysBefore(401), rows: 0 });
    expect(dry.stderr).match(/^ {2}would be deleted +rows +from before +kept for$/m);
    expect(dry.stderr).match(/^ {2}quarantine +0 +\d{4}-\d{2}-\d{2} +30 days$/m);
    expect(dry.stderr).match(new RegExp(`^ {2}events of ${month} +1 +\\d{4}-\\d{2}-01 +24 months$`, 'm'));
    expect(await events()).equal(1);

    const done = await home.run(['retention', '--json'], settings);
    const archive = join(settings.STUDYIN_ARCHIVE_DIR, month);
    expect(done.json, done.stderr).deep.include({ dryRun: false, learners: 1 });
    expect(done.json)
      .property('months')
      .deep.include({ ...expected, archive });
    expect(done.stderr).match(/^ {2}deleted +rows /m);
    expect(done.stderr).match(new RegExp(`^ {2}events of ${month} +1 +\\S+ +24 months +${archive}$`, 'm'));
    expect(await events()).equal(0);
    expect((await home.run(['verify', '--json'])).json).property('ok', true);

    const listed = await home.run(['archive', 'list'], settings);
    expect(listed.stdout).match(new RegExp(`${month}  1 study_events, 0 question_attempts`));
    const restored = await home.run(['archive', 'restore', month, '--json'], settings);
    const name = `archive.study_events_${month.replace('-', '_')}`;
    expect(restored.json, restored.stderr).property('tables').deep.include({ name, rows: 1, erasedRows: 0 });
    const rows = { ...countRestored, text: countRestored.text.replace('archive.study_events_1', name) };
    expect(await database.reader.query(rows)).eql([{ n: 1 }]);
    const again = await home.run(['archive', 'restore', archive]);
    expect(again).property('code', 1);
    expect(again.stderr).includes('is there already; drop it to restore the month again');
  });

  it('says in a line what is missing or wrong', async () => {
    const line = async (args: readonly string[]): Promise<string> => (await home.run([...args])).stderr.trim();
    expect(await line(['archive', 'list'])).includes('STUDYIN_ARCHIVE_DIR is not set');
    expect(await line(['archive', 'restore', '/nowhere'])).includes('no archived month in /nowhere');
    expect(await line(['retention', '--as-of', '2090-01-01'])).includes('The day 2090-01-01 has not begun');
  });
});
