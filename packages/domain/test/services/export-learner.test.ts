import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import {
  eraseLearner,
  exportLearner,
  importCurriculum,
  importLearner,
  listAccesses,
  recordAccess,
  recordEvents,
  runNights,
  updateLearner,
} from '@studyin/domain/services';
import { historyCurriculum, randomHistory } from '@studyin/testkit/random-history';
import { eventIdAt, idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { connect } from '@studyin/domain/database';
import { rowsOf } from './learner-rows.ts';
import { expectSound, openVerifyDomain, sql, startMs, study } from './verify-domain.ts';

const origin = { clientIp: null, deviceType: null };
const actor = { userId: idOf('operator', 1), role: 'operator', requestId: null };

type Line = { readonly table?: string; readonly row?: Record<string, unknown>; readonly [key: string]: unknown };

async function exported({ app }: TestDomain, userId: string): Promise<string> {
  const parts: string[] = [];
  await exportLearner(app, { userId, write: async (lines) => void parts.push(lines.toString()) });
  return parts.join('');
}

const linesIn = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line); // as: the test states what it looks at

/** In pieces that end anywhere, so that lines and letters are cut. */
async function* inPieces(text: string): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += 1_000) yield text.slice(at, at + 1_000);
}

describe('exporting and importing a learner', function () {
  this.timeout(60_000);
  const userId = randomUUID();
  let source: TestDomain;
  let target: TestDomain;
  let file: string;

  const importInto = (domain: TestDomain, text: string) =>
    importLearner(domain.app, { open: () => inPieces(text), actor, reason: 'moved here' });

  before(async () => {
    source = await openVerifyDomain();
    await study(source, { userId, seed: 11 });
    await study(source, { userId: randomUUID(), seed: 12 });
    await runNights(source.app);
    const unknown = {
      eventType: 'topic_explored',
      sessionId: idOf('s', 1),
      topicId: idOf('nowhere', 1),
      properties: {},
    };
    const text = { name: 'separators', properties: { text: 'a\u2028b\u2029c\\"é𝔘' } };
    const later = [
      { ...unknown, eventId: eventIdAt(startMs, 5) },
      { eventType: 'custom', sessionId: idOf('s', 1), ...text, eventId: eventIdAt(startMs, 6) },
    ];
    const { results } = await recordEvents(
      source.app,
      later.map((input) => ({ userId, input, origin })),
    );
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'accepted']);
    await updateLearner(source.app, { userId });
    await recordAccess(source.app, {
      actor,
      userIds: [userId],
      action: 'dashboard.all',
      reason: 'seen\u2028twice\n',
      requestId: null,
    });
    file = await exported(source, userId);
  });
  beforeEach(async () => {
    target = await openVerifyDomain();
  });
  afterEach(() => target.close());
  after(() => source.close());

  it('gives every row of the learner, and of nobody else, with a manifest that counts and hashes them', async () => {
    const lines = linesIn(file);
    const manifest = lines.at(-1) as { tables: Record<string, number>; rows: number; sha256: string };
    const rows = lines.slice(1, -1);
    expect(lines[0]).to.include({ kind: 'header', format: 'studyin-export', version: 1, userId });
    expect(rows).to.have.length(manifest.rows);
    for (const [table, count] of Object.entries(manifest.tables)) {
      expect(
        rows.filter((line) => line.table === table),
        table,
      ).to.have.length(count);
      if (table === 'access_log') continue;
      expect(await sql(source, `select from ${table} where user_id = $1`, [userId]), table).to.have.length(count);
    }
    expect(manifest.tables).to.include({ learners: 1, rejected_events: 1, access_log: 1 });
    expect(manifest.tables).to.include.keys('study_events', 'question_attempts', 'topic_mastery', 'knowledge_gaps');
    const accesses = rows.filter(({ table }) => table === 'access_log').map(({ row }) => row);
    const [access] = (await listAccesses(source.app, { userId, limit: 2 })).accesses;
    expect(accesses.map((row) => [row?.['reason'], new Date(String(row?.['at'])).toISOString()])).to.deep.equal([
      ['seen\u2028twice\n', access?.at],
    ]);
    const body = file.slice(0, file.lastIndexOf('\n', file.length - 2) + 1);
    expect(createHash('sha256').update(body).digest('hex')).to.equal(manifest.sha256);
  });

  it('brought into an empty database gives equal rows, before and after they are derived there', async () => {
    const before = await rowsOf(source, userId);
    const { rows } = await importInto(target, file);
    expect(rows).to.equal((linesIn(file).at(-1)?.['rows'] as number) - 1); // but for the access log
    const { learner_progress: _reset, ...imported } = await rowsOf(target, userId);
    const { learner_progress: _progress, ...expected } = before;
    expect(imported).to.deep.equal(expected);
    expect(await sql(target, `select data from pgboss.job where name = 'update-learner'`)).to.deep.equal([
      { data: { userId } },
    ]);
    expect(await updateLearner(target.app, { userId })).to.include({ refolded: true });
    expect(await rowsOf(target, userId)).to.deep.equal(before);
    await expectSound(target, userId);
    const { accesses } = await listAccesses(target.app, { userId, limit: 2 });
    expect(accesses.map(({ at: _at, ...access }) => access)).to.deep.equal([
      { actorId: actor.userId, actorRole: 'operator', action: 'import', reason: 'moved here', requestId: null },
    ]);
    expect(linesIn(await exported(target, userId)).filter(({ table }) => table === 'study_events')).to.deep.equal(
      linesIn(file).filter(({ table }) => table === 'study_events'),
    );
  });

  it('is of one instant: what is stored meanwhile is not in it', async () => {
    const learner = randomUUID();
    await study(source, { userId: learner, seed: 13 });
    const stored = await sql(source, `select from study_events where user_id = $1`, [learner]);
    let wrote = false;
    const parts: string[] = [];
    await exportLearner(source.app, {
      userId: learner,
      write: async (lines) => {
        parts.push(lines.toString());
        if (wrote) return;
        wrote = true;
        const items = randomHistory({ seed: 14, startMs, days: 2, sessions: 1 });
        await recordEvents(
          source.app,
          items.map((item) => ({ ...item, userId: learner })),
        );
      },
    });
    expect(linesIn(parts.join('')).filter(({ table }) => table === 'study_events')).to.have.length(stored.length);
  });

  it('waits for its receiver, and ends with it', async () => {
    let waiting = 0;
    let most = 0;
    const slow = async (): Promise<void> => {
      most = Math.max(most, (waiting += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      waiting -= 1;
    };
    await exportLearner(source.app, { userId, write: slow });
    expect(most).to.equal(1);
    let calls = 0;
    const gone = exportLearner(source.app, {
      userId,
      write: async () => {
        if ((calls += 1) === 3) throw new Error('the receiver is gone');
      },
    });
    expect(await gone.catch((error: unknown) => error)).to.have.property('message', 'the receiver is gone');
    expect(calls).to.equal(3);
  });

  it('is refused for somebody unknown before a line is written', async () => {
    let calls = 0;
    const refused = exportLearner(source.app, { userId: randomUUID(), write: async () => void (calls += 1) });
    expect(await refused.catch((error: unknown) => error)).to.have.property('code', 'not_found');
    expect(calls).to.equal(0);
  });

  const changed: Readonly<Record<string, (lines: string[]) => void>> = {
    'that was cut off': (lines) => lines.pop(),
    'without a row': (lines) => lines.splice(5, 1),
    'with a row twice': (lines) => lines.splice(5, 0, lines[5] ?? ''),
    'with a changed value': (lines) =>
      (lines[1] = (lines[1] ?? '').replace('"daily_goal_minutes":30', '"daily_goal_minutes":60')),
    'that goes on after its manifest': (lines) => lines.push(lines[1] ?? ''),
    'without a header': (lines) => lines.shift(),
    'of another release': (lines) =>
      (lines[0] = (lines[0] ?? '').replace(/"schema":"[^"]+"/, '"schema":"0001_facts.sql"')),
    'that is empty': (lines) => lines.splice(0),
  };
  // With a manifest that agrees, as somebody would make it who writes such a file: what refuses them is their own rule.
  const sealed: Readonly<Record<string, (lines: string[]) => void>> = {
    'with a line that is no JSON': (lines) => (lines[3] = 'no JSON'),
    'with rows of somebody else': (lines) => (lines[4] = (lines[4] ?? '').replaceAll(userId, randomUUID())),
    'with rows of another table': (lines) => (lines[4] = (lines[4] ?? '').replace('study_events', 'topics')),
    'with another column': (lines) => (lines[4] = (lines[4] ?? '').replace('"event_type"', '"event_kind"')),
    'with a value that is none': (lines) =>
      (lines[4] = (lines[4] ?? '').replace(/"created_at":"[^"]+"/, '"created_at":"soon"')),
    'with a row in another form': (lines) => (lines[4] = (lines[4] ?? '').replace('"row":', '"row": ')),
  };
  const seal = (lines: string[]): void => {
    const { rows } = JSON.parse(lines.pop() ?? '') as { rows: number }; // as: the manifest
    const tables: Record<string, number> = {};
    for (const line of lines) {
      const table = /^\{"table":"([a-z_]+)"/.exec(line)?.[1];
      if (table !== undefined) tables[table] = (tables[table] ?? 0) + 1;
    }
    const sha256 = createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex');
    lines.push(JSON.stringify({ kind: 'manifest', rows, tables, sha256 }));
  };

  it('a file that was sealed anew without a change is stored', async () => {
    const lines = file.trimEnd().split('\n');
    seal(lines);
    expect(await importInto(target, `${lines.join('\n')}\n`)).to.include({ userId });
  });

  Object.entries({ ...changed, ...sealed }).forEach(([what, change]) => {
    it(`a file ${what} stores nothing`, async () => {
      const lines = file.trimEnd().split('\n');
      change(lines);
      if (what in sealed) seal(lines);
      const refusal = await importInto(target, lines.map((line) => `${line}\n`).join('')).catch(
        (error: unknown) => error,
      );
      expect(refusal).to.have.property('code', 'invalid');
      expect(await sql(target, `select from learners`)).to.deep.equal([]);
      expect(await sql(target, `select from study_events`)).to.deep.equal([]);
      expect(await sql(target, `select from access_log`)).to.deep.equal([]);
    });
  });

  it('is refused where the learner is known, was erased, or the curriculum lacks their topics', async () => {
    const codeOf = async (domain: TestDomain): Promise<unknown> => {
      const outcome: unknown = await importInto(domain, file).catch((error: unknown) => error);
      return (outcome as { readonly code?: string }).code; // as: an error of the domain has one, an answer has none
    };
    expect(await codeOf(source)).to.equal('conflict');
    const database = connect({
      url: target.database.url,
      role: 'studyin_eraser',
      applicationName: 'studyin-test-eraser',
    });
    await eraseLearner({ database, keys: testKeys }, { userId, actor: null, reason: null });
    await database.close();
    expect(await codeOf(target)).to.equal('erased');
    const winter = '2026-02-01T12:00:00Z';
    const bare = await openTestDomain({ fixedAt: new Date(winter) });
    try {
      await sql(bare, `select ensure_partitions($1)`, [winter]);
      expect(await codeOf(bare)).to.equal('invalid');
      await importCurriculum(bare.app, historyCurriculum);
      expect(await codeOf(bare)).to.equal(undefined);
    } finally {
      await bare.close();
    }
  });
});
