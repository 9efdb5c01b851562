// After the queue is idle: the ledger against the tables, every invariant of `verify`, and the dead letters.
import { withApp } from '@studyin/devkit/prepared-database';
import { statement } from '@studyin/domain/database';
import { verify } from '@studyin/domain/services';
import type { Keys, Verification } from '@studyin/domain/services';
import type { Ledger } from '../load/ledger.ts';
import type { Watch } from '../stack/watch.ts';
import { compareLedger } from './compare-ledger.ts';
import type { Comparison, StoredEvent } from './compare-ledger.ts';

export type Audit = Comparison & {
  /** `ok`, or what is not. */
  readonly verify: string;
};

const storedEvents = statement(
  'crash.stored_events',
  `select e.user_id as "userId", e.id, min(e.event_type) as "eventType", min(e.question_id::text) as "questionId",
    min(e.properties ->> 'selectedAnswer') as "selectedAnswer", count(*)::int as events,
    (select count(*)::int from question_attempts a where a.user_id = e.user_id and a.id = e.id) as attempts
  from study_events e
  group by e.user_id, e.id`,
);

const VERIFY_TIMEOUT_MS = 120_000;

export async function audit(
  { watch, ledger }: { readonly watch: Watch; readonly ledger: Ledger },
  { url, keys }: { readonly url: string; readonly keys: Keys },
): Promise<Audit> {
  const stored = await watch.ask<StoredEvent>(storedEvents);
  const claims = { acknowledged: ledger.acknowledged(), wasSent: ledger.wasSent, lost: ledger.lost() };
  const verification = await withApp({ url, keys, statementTimeoutMs: VERIFY_TIMEOUT_MS }, (app) => verify(app));
  return { ...compareLedger(claims, stored), verify: wordsOf(verification) };
}

function wordsOf({ ok, checked, invariants }: Verification): string {
  const broken = invariants.filter((invariant) => !invariant.ok);
  const words = broken.map(({ id, count, examples }) => `${id}: ${count} differences, such as ${examples[0] ?? '?'}`);
  if (checked.pending > 0) words.push(`${checked.pending} learners still wait for a worker`);
  return ok && words.length === 0 ? 'ok' : words.join('; ');
}
