// How far behind the product stands, for those who watch it.
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type QuarantineCount = { readonly reason: string; readonly items: number };

// Bounded: whoever can fill the quarantine must not make watching it slow.
const countQuarantine = statement(
  'standing.quarantine',
  `select reason, count(*)::int as items
  from (select reason from rejected_events limit 100000) as kept
  group by reason
  order by reason`,
);

const hasDirtyDays = statement('standing.dirty_days', `select exists (select from dirty_days) as "hasAny"`);

/** Items in quarantine by reason; counted up to 100,000 in all. */
export function countQuarantined(reader: Reader): Promise<readonly QuarantineCount[]> {
  return reader.query<QuarantineCount>(countQuarantine);
}

/** Whether any learner has a day whose rows no longer tell all. */
export async function areDaysDirty(reader: Reader): Promise<boolean> {
  const [row] = await reader.query<{ hasAny: boolean }>(hasDirtyDays);
  return row?.hasAny === true;
}
