import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { parseEvent } from '@studyin/domain/events';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { makeHome } from './studyin.ts';
import type { Ended, Home } from './studyin.ts';

describe('commands that make data', function () {
  this.timeout(120_000);
  const database = useTestDatabase();
  let home: Home;
  before(() => {
    home = makeHome({ DATABASE_URL: database().url });
  });
  after(() => home.remove());

  const ran = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, json, stderr }: Ended = await home.run([...args, '--json']);
    expect(code, stderr).equal(0);
    return json as Record<string, unknown>; // as: each test states what the command promises
  };
  const expectSound = async (): Promise<void> => {
    const { code, stderr } = await home.run(['verify', '--json']);
    expect(code, stderr).equal(0);
  };
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await home.run(args);
    expect(code).equal(1);
    return stderr;
  };
  const query = async <Row extends object>(text: string): Promise<readonly Row[]> => {
    const owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    try {
      return await owner.reader.query<Row>(statement('', text));
    } finally {
      await owner.close();
    }
  };

  it('simulate --out writes sound events, the same ones for the same seed and end', async () => {
    const few = ['simulate', '--learners', '6', '--days', '20', '--end', '2026-01-31'];
    const [one, two] = [join(home.folder, 'one.jsonl'), join(home.folder, 'two.jsonl')];
    const first = await ran(...few, '--out', one);
    await ran(...few, '--out', two);
    const text = readFileSync(one, 'utf8');
    expect(text).equal(readFileSync(two, 'utf8'));
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly userId: string });
    expect(first).eql({ learners: 6, end: '2026-01-31', events: events.length, file: one });
    for (const event of events) expect(parseEvent(event)).property('ok', true);
    expect(new Set(events.map(({ userId }) => userId)).size).equal(6);
  });

  it('simulate sends them through the API, and adds nothing the second time', async () => {
    const few = ['simulate', '--learners', '4', '--days', '8', '--seed', '5'];
    const first = await ran(...few);
    expect(first).include({ learners: 4, complete: true });
    await expectSound();
    const [stored] = await query<{ events: number }>(`select count(*)::int as events from study_events`);
    expect(stored?.events).greaterThan(50);
    expect(await ran(...few)).eql(first);
    expect(await query(`select count(*)::int as events from study_events`)).eql([stored]);
  });

  it('generate fills a database with as many events as asked for, every row sound, and adds nothing the second time', async () => {
    const before = await query<{ n: number }>(`select count(*)::int as n from study_events`);
    const some = ['generate', '--events', '6000', '--users', '80', '--days', '60'];
    const first = await ran(...some);
    expect(first).include({ learners: 80, events: 6000, derived: 80 });
    expect(await query(`select count(*)::int as n from study_events`)).eql([{ n: 6000 + (before[0]?.n ?? 0) }]);
    await expectSound();
    expect(await ran(...some)).include({ end: first['end'], learners: 0, events: 0, derived: 0 });
  });

  it('generate goes on where it was killed', async () => {
    const more = ['generate', '--events', '15000', '--users', '400', '--seed', '2'];
    const { child, output, ended } = home.start(more);
    await waitFor(() => output.stdout.includes('derived rows'), { timeoutMs: 60_000 });
    child.kill('SIGKILL');
    await ended;
    expect(await query(`select count(distinct user_id)::int as n from dirty_days`)).not.eql([{ n: 0 }]);
    const rest = await ran(...more);
    expect(rest).include({ events: 0 });
    expect(rest['derived']).within(1, 400);
    await expectSound();
  });

  it('rebucket says what would move, moves it, and then finds nothing to move', async () => {
    await query(`update learners set rollover_hour = 6`);
    const planned = await ran('rebucket', '--all', '--dry-run');
    expect(planned['movedEvents']).greaterThan(100);
    const [learner] = await query<{ id: string }>(`select user_id as id from learners limit 1`);
    await ran('rebucket', '--user', learner?.id ?? '');
    await ran('rebucket', '--all');
    expect(await ran('rebucket', '--all', '--dry-run')).eql({
      ...planned,
      movedLearners: 0,
      movedEvents: 0,
      movedAttempts: 0,
    });
    await expectSound();
  });

  it('refuse in one line what cannot be', async () => {
    const lines = await Promise.all([
      refused('generate', '--events', '5', '--users', '6'),
      refused('generate', '--events', '100000', '--users', '2', '--days', '10'),
      refused('generate', '--events', '10', '--users', '2', '--end', '2999-01-01'),
      refused('simulate', '--end', '2090-01-01'),
      refused('rebucket'),
    ]);
    expect(lines[0]).equal('studyin: --events 5 are too few for --users 6.\n');
    expect(lines[1]).equal('studyin: --users 2 have room for at most 1200 events in --days 10.\n');
    expect(lines[2]).includes("option '--end <day>' argument '2999-01-01' is invalid");
    expect(lines[3]).equal('studyin: --end 2090-01-01 is in the future.\n');
    expect(lines[4]).equal('studyin: Say either --user or --all.\n');
  });
});
