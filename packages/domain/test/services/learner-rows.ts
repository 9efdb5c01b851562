// All rows of learners, for comparing two databases with each other, or one with itself.
import type { TestDomain } from '@studyin/testkit/test-domain';
import { sql } from './verify-domain.ts';

const learnerTables = [
  'study_events',
  'question_attempts',
  'study_sessions',
  'material_interactions',
  'learner_progress',
  'question_progress',
  'topic_mastery',
  'daily_user_stats',
  'weekly_user_stats',
  'topic_daily_stats',
  'user_learning_metrics',
  'knowledge_gaps',
  'dirty_days',
] as const;

/** Every row of the learners but for the times at which it was received and calculated, by table. */
export async function rowsOfLearners(
  domain: TestDomain,
  userIds: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables: Record<string, readonly string[]> = {};
  for (const table of learnerTables) {
    const rows = await sql<{ row: string }>(
      domain,
      `select (to_jsonb(t) - 'calculated_at' - 'received_at')::text as row
      from ${table} t
      where user_id = any($1::uuid[])
      order by user_id, 1`,
      [userIds],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

/** The same of one learner. */
export function rowsOf(domain: TestDomain, userId: string): Promise<Readonly<Record<string, readonly string[]>>> {
  return rowsOfLearners(domain, [userId]);
}

/** Where each row lies and which transaction wrote it: the same only if nothing was written. */
export async function versionsOf(domain: TestDomain, userId: string): Promise<readonly unknown[]> {
  return versionsIn(domain, learnerTables, `where user_id = '${userId}'`);
}

/** The same of whole tables. */
export function versionsIn(domain: TestDomain, tables: readonly string[], where = ''): Promise<readonly unknown[]> {
  const selects = tables.map(
    (table) => `select '${table}' as name, ctid::text as place, xmin::text as writer from ${table} ${where}`,
  );
  return sql(domain, `${selects.join(' union all ')} order by 1, 2`);
}

/** Tables that hold nothing but what is derived from facts. */
export const derivedTables: readonly string[] = learnerTables.filter(
  (table) => !['study_events', 'question_attempts'].includes(table),
);
