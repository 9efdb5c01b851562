import { countQuarantine, listQuarantine } from '@studyin/domain/services';
import type { QuarantineCount, QuarantinedItem, QuarantineQuery } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { textTable } from '../text-table.ts';
import { withApp } from '../with-app.ts';

/** Shows a page of rejected items, and how many there are. Throws `invalid` for a cursor that no page ended with. */
export async function listCommand(
  { config, output }: { readonly config: Config; readonly output: Output },
  query: QuarantineQuery,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    await withApp({ url: database.url, role, secrets: loadSecrets(config) }, async (app) => {
      await requireMigrated(app);
      const page = await listQuarantine(app, query);
      const counts = await countQuarantine(app, query);
      for (const line of render(page.items, counts)) output.line(line);
      if (page.nextCursor !== null) output.line(`\n  More follow: --cursor ${page.nextCursor}`);
      output.result({ ...page, counts });
    });
  } finally {
    await database.close();
  }
}

const header = ['received (UTC)', 'reason', 'type', 'path', 'learner', 'event', 'kept whole'];

function render(items: readonly QuarantinedItem[], counts: readonly QuarantineCount[]): readonly string[] {
  const rows = items.map((item) => [
    item.receivedAt.slice(0, 19).replace('T', ' '),
    item.reason,
    item.eventType ?? '–',
    item.path === null || item.path === '' ? '–' : item.path,
    item.userId,
    item.eventId ?? '–',
    item.isReplayable ? 'yes' : 'no',
  ]);
  const table = items.length === 0 ? [] : [...textTable([header, ...rows]), ''];
  return [...table, summaryOf(counts)].map((line) => `  ${line}`);
}

function summaryOf(counts: readonly QuarantineCount[]): string {
  if (counts.length === 0) return 'Nothing is in quarantine.';
  const sum = (of: (one: QuarantineCount) => number): string =>
    count(counts.reduce((total, one) => total + of(one), 0));
  const reasons = counts.map(({ reason, items }) => `${reason} ${count(items)}`).join(', ');
  return `${sum(({ items }) => items)} in quarantine (${reasons}); ${sum(({ replayable }) => replayable)} can be replayed.`;
}
