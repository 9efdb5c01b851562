import { createHmac } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { listMigrations } from '@studyin/domain/database';
import { listArchives, restoreArchive, runRetention } from '@studyin/domain/services';
import { idOf } from '@studyin/testkit/test-domain';
import { archiving, boundary, countOf, openRetentionDomain, splitHistory, studyAt, today } from './retention-domain.ts';
import type { RetentionDomain } from './retention-domain.ts';
import { sql } from './verify-domain.ts';

const tables = { study_events: 'created_at', question_attempts: 'attempted_at' } as const;

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe('archives', function () {
  this.timeout(60_000);
  let domain: RetentionDomain;
  let archiveDir: string;
  const facts = new Map<string, readonly object[]>();
  const userIds = [1, 2].map((n) => idOf('archived learner', n));

  before(async () => {
    // An owner's rights: the runtime role makes no tables.
    domain = await openRetentionDomain({ role: 'none' });
    archiveDir = join(mkdtempSync(join(tmpdir(), 'studyin-archive-')), 'deeper');
    for (const [n, userId] of userIds.entries()) {
      await studyAt(domain.past, { userId, items: splitHistory(n + 1).early });
    }
    for (const [table, time] of Object.entries(tables)) {
      const rows = `select to_jsonb(f) as row from ${table} f where ${time} < '${boundary}' order by user_id, ${time}, id`;
      facts.set(table, await sql(domain, rows));
    }
    await runRetention(archiving(domain.app, archiveDir), { today });
  });
  after(async () => {
    await domain.close();
    rmSync(join(archiveDir, '..'), { recursive: true });
  });

  it('hold each dropped month that had facts, with what its files must be', async () => {
    const months = await listArchives(archiveDir);
    expect(months.map(({ month }) => month)).eql(['2024-03']);
    expect(readdirSync(archiveDir)).eql(['2024-03']);
    const [march] = months;
    expect(march).include({ format: 1, schemaVersion: (await listMigrations()).at(-1) });
    expect(march?.tables.map(({ table, rows }) => [table, rows])).eql(
      Object.keys(tables).map((table) => [table, facts.get(table)?.length]),
    );
    const [events] = march?.tables ?? [];
    expect(events?.firstAt).match(/^2024-03-0/);
    expect(events?.lastAt).match(/^2024-03-31T/);
    const lines = gunzipSync(readFileSync(join(archiveDir, '2024-03', 'study_events.jsonl.gz'))).toString();
    expect(lines.trimEnd().split('\n')).length(events?.rows ?? -1);
    expect(await listArchives(join(archiveDir, 'nowhere'))).eql([]);
  });

  it('come back row by row, into tables of their own', async () => {
    const restored = await restoreArchive(domain.app, { folder: join(archiveDir, '2024-03') });
    expect(restored.tables.map(({ name, rows }) => [name, rows])).eql([
      ['archive.study_events_2024_03', facts.get('study_events')?.length],
      ['archive.question_attempts_2024_03', facts.get('question_attempts')?.length],
    ]);
    for (const [table, time] of Object.entries(tables)) {
      const rows = `select to_jsonb(f) as row from archive.${table}_2024_03 f order by user_id, ${time}, id`;
      expect(await sql(domain, rows)).eql(facts.get(table));
    }
    expect(await countOf(domain, 'study_events', `created_at < '${boundary}'`)).equal(0);
    expect(await messageOf(restoreArchive(domain.app, { folder: join(archiveDir, '2024-03') }))).match(/there already/);
    await sql(domain, 'drop schema archive cascade');
  });

  it('leave out a learner who was erased since', async () => {
    const hashed = createHmac('sha256', domain.app.keys.subject)
      .update(userIds[0] ?? '')
      .digest();
    await sql(domain, `insert into erased_learners (subject) values ($1)`, [hashed]);
    const { tables: restored } = await restoreArchive(domain.app, { folder: join(archiveDir, '2024-03') });
    expect(restored[0]?.erasedRows).greaterThan(50);
    expect(await sql(domain, `select distinct user_id as id from archive.study_events_2024_03`)).eql([
      { id: userIds[1] },
    ]);
    await sql(domain, 'drop schema archive cascade');
    await sql(domain, 'delete from erased_learners');
  });

  it('are refused when a file or the manifest is not as it was written, and then nothing is restored', async () => {
    const folder = join(archiveDir, '2024-03');
    const file = join(folder, 'question_attempts.jsonl.gz');
    const manifest = join(folder, 'manifest.json');
    const [bytes, text] = [readFileSync(file), readFileSync(manifest, 'utf8')];
    appendFileSync(file, 'x');
    expect(await messageOf(restoreArchive(domain.app, { folder }))).match(/is not the file of its manifest/);
    writeFileSync(file, bytes);
    writeFileSync(manifest, text.replace(/"rows": (\d+)/, '"rows": 1'));
    expect(await messageOf(restoreArchive(domain.app, { folder }))).match(/does not have the 1 rows/);
    writeFileSync(manifest, '{}');
    expect(await messageOf(restoreArchive(domain.app, { folder }))).match(/is not one of an archived month/);
    writeFileSync(manifest, text);
    expect(await messageOf(restoreArchive(domain.app, { folder: archiveDir }))).match(/no archived month/);
    expect(await sql(domain, `select to_regclass('archive.study_events_2024_03') as found`)).eql([{ found: null }]);
  });

  it('of a month that was written before must be the same, or nothing is dropped', async () => {
    const other = await openRetentionDomain();
    try {
      const userId = userIds[0] ?? '';
      await studyAt(other.past, { userId, items: splitHistory(5).early });
      expect(await messageOf(runRetention(archiving(other.app, archiveDir), { today }))).match(
        /holds another study_events/,
      );
      expect(await countOf(other, 'study_events', `created_at < '${boundary}'`)).greaterThan(0);
      expect(readdirSync(archiveDir)).eql(['2024-03']);
    } finally {
      await other.close();
    }
  });
});
