// Every promise that `verify` checks is broken once, by hand, and must be found.
import { expect } from 'chai';
import { verify } from '@studyin/domain/services';
import type { Verification } from '@studyin/domain/services';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { verifiedNames, verifiedTables } from '../../src/stores/verify-tables.ts';
import type { ColumnKind, VerifiedTable } from '../../src/stores/verify-tables.ts';
import { broken, expectSound, openVerifyDomain, sql, study } from './verify-domain.ts';

const userId = idOf('tampered learner', 1);
const stranger = idOf('stranger', 1);
const tables: readonly VerifiedTable[] = verifiedNames.map((name) => verifiedTables[name]);

// Columns that follow from no fact.
const notCompared: Readonly<Record<string, readonly string[]>> = {
  knowledge_gaps: ['content_hash'],
};

const tampered: Readonly<Record<ColumnKind, (column: string) => string>> = {
  id: () => 'gen_random_uuid()',
  text: (column) => `coalesce(${column}, '') || 'x'`,
  flag: (column) => `not ${column}`,
  day: (column) => `coalesce(${column}, '2026-01-01') + 1`,
  time: (column) => `coalesce(${column}, now()) + interval '1 millisecond'`,
  count: (column) => `coalesce(${column}, 0) + 1`,
  share: (column) => `coalesce(${column}, 0.5) - 0.000001`,
  amount: (column) => `coalesce(${column}, 1) + 0.001`,
  change: (column) => `coalesce(${column}, 7) + 1`,
  number: (column) => `${column} + 0.000001`,
  list: () => `'["x"]'::jsonb`,
};

describe('verify, of tampered rows,', () => {
  let domain: TestDomain;
  let owner: Database;
  const tamper = (text: string, bind: readonly unknown[] = [userId]): Promise<readonly object[]> =>
    sql({ app: { database: owner } }, text, bind);
  const check = (): Promise<Verification> => verify(domain.app, { userIds: [userId, stranger], limitExamples: 50 });

  before(async () => {
    domain = await openVerifyDomain();
    owner = connect({ url: domain.database.url, applicationName: 'verify-test', poolSize: 1 });
    await study(domain, { userId, seed: 11 });
    // The database refuses most of what follows by itself; here it must not.
    await tamper(
      `do $$ declare c record; begin
        for c in select conrelid::regclass as owner, conname from pg_constraint
          where contype = 'c' and connamespace = 'public'::regnamespace and coninhcount = 0
        loop execute format('alter table %s drop constraint %I', c.owner, c.conname); end loop;
      end $$`,
      [],
    );
    await expectSound(domain, userId);
  });
  after(async () => {
    await owner.close();
    await domain.close();
  });

  /** The columns of a table that take a value. */
  async function columnsOf(table: string): Promise<readonly string[]> {
    const rows = await tamper(
      `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    return (rows as readonly { name: string }[]).map(({ name }) => name);
  }

  type Breakage = { readonly table: string; readonly by: string; readonly bind?: readonly unknown[] };

  /** Breaks something, looks, and puts the table back as it was. */
  async function withBroken({ table, by, bind }: Breakage, look: (found: Verification) => void): Promise<void> {
    const columns = (await columnsOf(table)).join(', ');
    await tamper(`create table kept as select * from ${table}`, []);
    try {
      await tamper(by, bind);
      look(await check());
    } finally {
      await tamper(`delete from ${table}`, []);
      await tamper(`insert into ${table} (${columns}) select ${columns} from kept`, []);
      await tamper(`drop table kept`, []);
    }
  }

  afterEach(() => expectSound(domain, userId));

  for (const { table, key, columns, invariant } of tables) {
    it(`finds each differing column of ${table} (${invariant})`, async () => {
      for (const [column, kind] of Object.entries(columns)) {
        if (column === 'revisit_count') continue; // generated from open_count
        const by = `update ${table} set ${column} = ${tampered[kind](column)} where ctid = (
          select ctid from ${table} where user_id = $1 and (${column} is not null or not exists (
            select from ${table} where user_id = $1 and ${column} is not null)) order by ctid limit 1)`;
        // A daily goal is a setting of its time, taken as stored; whether it was met is not.
        const changed = column === 'goal_minutes' ? by.replace('+ 1', '+ 1440') : by;
        await withBroken({ table, by: changed }, (found) => {
          if (column === 'goal_minutes') return;
          expect(broken(found), column).include(invariant);
          const told = found.invariants.find(({ id }) => id === invariant)?.examples.join('\n');
          expect(told, column).match(new RegExp(`${table} user_id=${userId}.*${column} expected .+, found .+`, 's'));
        });
      }
    }).timeout(60_000);

    it(`finds a row of ${table} that is missing, and one too many (${invariant})`, async () => {
      await withBroken(
        { table, by: `delete from ${table} where ctid = (select ctid from ${table} where user_id = $1 limit 1)` },
        (found) => {
          expect(broken(found)).include(invariant);
          expect(JSON.stringify(found.invariants)).contain('the row is missing');
        },
      );
      const [column, kind] = Object.entries(key).at(-1) ?? [];
      if (column === undefined) return; // one row a learner
      const other = kind === 'id' ? 'gen_random_uuid()' : kind === 'day' ? `${column} - 4000` : `${column} + 60`;
      const names = await columnsOf(table);
      const values = names.map((name) => (name === column ? other : name));
      await withBroken(
        {
          table,
          by: `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${table} where user_id = $1 limit 1`,
        },
        (found) => {
          expect(broken(found)).include(invariant);
          expect(JSON.stringify(found.invariants)).contain('no fact that makes it');
        },
      );
    });
  }

  const breakages: readonly { name: string; table: string; by: string; invariant: string; bind?: unknown[] }[] = [
    {
      name: 'an event that is stored twice',
      table: 'study_events',
      by: `insert into study_events select (jsonb_populate_record(e, jsonb_build_object('created_at', created_at + interval '1 second'))).*
        from study_events e where user_id = $1 limit 1`,
      invariant: 'once',
    },
    {
      name: 'an attempt that is stored twice',
      table: 'question_attempts',
      by: `insert into question_attempts select (jsonb_populate_record(a, jsonb_build_object('attempted_at', attempted_at + interval '1 second'))).*
        from question_attempts a where user_id = $1 limit 1`,
      invariant: 'once',
    },
    {
      name: 'an answer that the learner has not been credited',
      table: 'learners',
      by: `update learners set answers = answers - 1 where user_id = $1`,
      invariant: 'once',
    },
    {
      name: 'an answer before the one that the learner is said to have begun with',
      table: 'learners',
      by: `update learners set first_answer_at = first_answer_at + interval '1 millisecond' where user_id = $1`,
      invariant: 'once',
    },
    {
      name: 'an event without its attempt',
      table: 'question_attempts',
      by: `delete from question_attempts where id = (select id from question_attempts where user_id = $1 limit 1)`,
      invariant: 'atomic',
    },
    {
      name: 'an attempt without its event',
      table: 'study_events',
      by: `delete from study_events where id = (select id from question_attempts where user_id = $1 limit 1)`,
      invariant: 'atomic',
    },
    ...[
      `study_day = study_day + 1`,
      `session_id = gen_random_uuid()`,
      `question_id = gen_random_uuid()`,
      `topic_id = gen_random_uuid()`,
      `selected_answer = 'Z'`,
      `time_to_answer_seconds = time_to_answer_seconds + 1`,
      `confidence_level = coalesce(6 - confidence_level, 3)`,
      `hint_used = not hint_used`,
      `explanation_viewed = not explanation_viewed`,
    ].map((change) => ({
      name: `an attempt that says otherwise than its event: ${change}`,
      table: 'question_attempts',
      by: `update question_attempts set ${change} where id = (select id from question_attempts where user_id = $1 and confidence_level is distinct from 3 limit 1)`,
      invariant: 'atomic',
    })),
    {
      name: 'a fact that nobody will come for',
      table: 'dirty_days',
      by: `with gone as (delete from pgboss.job returning id) insert into dirty_days (user_id, study_day) values ($1, '2026-01-01')`,
      invariant: 'atomic',
    },
    {
      name: 'a night that was never applied',
      table: 'learner_progress',
      by: `update learner_progress set night = '2026-01-20' where user_id = $1`,
      invariant: 'derived',
    },
    {
      name: 'a score above one',
      table: 'topic_mastery',
      by: `update topic_mastery set mastery_score = 1.5 where user_id = $1`,
      invariant: 'bounded',
    },
    {
      name: 'a score that is not a number',
      table: 'topic_mastery',
      by: `update topic_mastery set retrieval_strength = 'NaN' where user_id = $1`,
      invariant: 'bounded',
    },
    {
      name: 'an amount that is not a number',
      table: 'daily_user_stats',
      by: `update daily_user_stats set mean_response_seconds = 'NaN' where user_id = $1`,
      invariant: 'bounded',
    },
    {
      name: 'a count below zero',
      table: 'daily_user_stats',
      by: `update daily_user_stats set active_seconds = -1 where user_id = $1`,
      invariant: 'bounded',
    },
    ...tables.flatMap(({ table, parts }) =>
      parts
        .filter(([part]) => part !== 'revisit_count')
        .map(([part, whole]) => ({
          name: `more ${part} than ${whole} in ${table}`,
          table,
          by: `update ${table} set ${part} = ${whole} + 1 where user_id = $1`,
          invariant: 'bounded',
        })),
    ),
    {
      name: 'a derived row of a learner that does not exist',
      table: 'daily_user_stats',
      by: `insert into daily_user_stats (user_id, stat_date, goal_minutes, as_of) values ($1, '2026-01-01', 30, '2026-01-01')`,
      invariant: 'derived',
      bind: [stranger],
    },
    {
      name: 'a session of a learner that does not exist',
      table: 'study_sessions',
      by: `insert into study_sessions (user_id, id, started_at, last_event_at) values ($1, $1, now(), now())`,
      invariant: 'session_counters',
      bind: [stranger],
    },
  ];

  for (const { name, invariant, ...breakage } of breakages) {
    it(`finds ${name} (${invariant})`, () =>
      withBroken(breakage, (found) => {
        expect(found.ok).equal(false);
        expect(broken(found)).include(invariant);
        const report = found.invariants.find(({ id }) => id === invariant);
        expect(report?.count).greaterThan(0);
        expect(report?.examples.length).equal(Math.min(50, report?.count ?? 0));
      }));
  }

  it('compares every column of its tables that follows from facts', async () => {
    for (const table of new Set(tables.map((shape) => shape.table))) {
      const shapes = tables.filter((shape) => shape.table === table);
      const compared = new Set(shapes.flatMap(({ key, columns }) => Object.keys({ ...key, ...columns })));
      const stored = (await tamper(
        `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1`,
        [table],
      )) as { name: string }[];
      const left = stored.map(({ name }) => name).filter((name) => !compared.has(name));
      expect(
        left.filter((name) => name !== 'user_id' && name !== 'calculated_at'),
        table,
      ).members(notCompared[table] ?? []);
    }
  });
});
