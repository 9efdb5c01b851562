// Two years of a learner on a domain whose clock can be moved on: what retention leaves must equal what was there without it.
import { expect } from 'chai';
import { importCurriculum, recordEvents, runNights, updateLearner } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { eventTimeMs } from '@studyin/domain/events';
import { historyCurriculum, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { sql } from './verify-domain.ts';

/** The sixth of March 2026, for whom facts before the first of April 2024 are old. */
export const today = '2026-03-06';
export const boundary = '2024-04-01';
const boundaryMs = Date.parse(`${boundary}T00:00:00Z`);
const oldMonths = ['2024-01-15', '2024-05-20'];
const now = new Date(`${today}T12:00:00Z`);
const then = new Date('2024-05-20T12:00:00Z');

export type RetentionDomain = TestDomain & {
  /** The same database in May 2024 … */
  readonly past: App;
};

type RetentionDomainOptions = { readonly role?: string; readonly withNights?: boolean };

/** … and, as `app`, in March 2026. The nights are done up to May 2024, when nothing was old. */
export async function openRetentionDomain({
  withNights = true,
  ...options
}: RetentionDomainOptions = {}): Promise<RetentionDomain> {
  const domain = await openTestDomain({ fixedAt: now, ...options });
  for (const month of [...oldMonths, today]) await sql(domain, `select ensure_partitions($1)`, [month]);
  await importCurriculum(domain.app, historyCurriculum);
  const past = { ...domain.app, clock: { fixedAt: then } };
  if (withNights) await runNights(past);
  return { ...domain, past };
}

export type Split = { readonly early: readonly HistoryItem[]; readonly late: readonly HistoryItem[] };

/** A history of both sides of the boundary; late is a fifth of what lies after it, and comes when the rest is old. */
export function splitHistory(seed: number): Split {
  const items = [
    ...randomHistory({ seed, startMs: Date.UTC(2024, 2, 3), days: 58, sessions: 22 }),
    // sessions that cross the boundary, and days that it cuts
    ...randomHistory({ seed: seed + 1_000_000, startMs: boundaryMs - 86_400_000, days: 2, sessions: 6 }),
  ];
  const isLate = ({ input }: HistoryItem, n: number): boolean => timeOf(input) >= boundaryMs && (n + seed) % 5 === 0;
  return { early: items.filter((item, n) => !isLate(item, n)), late: items.filter(isLate) };
}

function timeOf(input: HistoryItem['input']): number {
  return eventTimeMs(String(input['eventId']));
}

type Batch = { readonly userId: string; readonly items: readonly HistoryItem[] };

/** Records items and brings the learner up to date. */
export async function studyAt(app: App, { userId, items }: Batch): Promise<void> {
  const { results } = await recordEvents(
    app,
    items.map((item) => ({ ...item, userId })),
  );
  expect(results.filter(({ status }) => status !== 'accepted')).eql([]);
  await updateLearner(app, { userId });
}

const derivedTables = [
  'learner_progress',
  'question_progress',
  'topic_mastery',
  'daily_user_stats',
  'weekly_user_stats',
  'topic_daily_stats',
  'user_learning_metrics',
  'knowledge_gaps',
] as const;

/** The app with a folder for archives. */
export function archiving(app: App, archiveDir: string): App {
  return { ...app, retention: { ...app.retention, archiveDir } };
}

/** Every derived row of a learner but for when it was computed, and how much of it lies before a checkpoint. */
export async function derivedOf(domain: TestDomain, userId: string): Promise<Record<string, readonly unknown[]>> {
  const tables: Record<string, readonly unknown[]> = {};
  for (const table of derivedTables) {
    const rows = await sql<{ row: object }>(
      domain,
      `select to_jsonb(t) - 'calculated_at' - 'checkpoint_attempts' as row from ${table} t where user_id = $1 order by 1`,
      [userId],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

export async function countOf(domain: TestDomain, table: string, where = 'true'): Promise<number> {
  const [row] = await sql<{ n: number }>(domain, `select count(*)::int as n from ${table} where ${where}`);
  return row?.n ?? -1;
}
