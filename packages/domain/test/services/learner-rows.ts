// All rows of a learner, to compare them between databases, and with themselves before and after.
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
];

/** Every row of a learner but for the times at which it was received and calculated. */
export async function rowsOf(domain: TestDomain, userId: string): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of learnerTables) {
    const rows = await sql<{ row: object }>(
      domain,
      `select to_jsonb(t) - 'calculated_at' - 'received_at' as row from ${table} t where user_id = $1 order by 1`,
      [userId],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
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
export const derivedTables = learnerTables.filter((table) => !['study_events', 'question_attempts'].includes(table));
