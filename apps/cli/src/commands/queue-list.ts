import { findStanding, listDeadLetters } from '@studyin/domain/services';
import type { RedriveOptions } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { textTable } from '../text-table.ts';
import { withApp } from '../with-app.ts';

/** Shows what each queue has not finished, and the oldest dead letters. Throws `invalid` for a queue that there is not. */
export async function queueList(
  { config, output }: { readonly config: Config; readonly output: Output },
  options: RedriveOptions,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    await withApp({ url: database.url, role, secrets: loadSecrets(config) }, async (app) => {
      await requireMigrated(app);
      const dead = await listDeadLetters(app, options);
      const { queues } = await findStanding(app);
      const rows = queues.map((one) => [
        one.queue,
        count(one.waiting),
        count(one.active),
        count(one.dead),
        `${Math.round(one.oldestSeconds)} s`,
      ]);
      show(output, [['queue', 'waiting', 'active', 'dead', 'oldest'], ...rows]);
      if (dead.length > 0) {
        output.line();
        const letters = dead.map(({ queue, since, data, error }) => [since, queue, JSON.stringify(data), error ?? '–']);
        show(output, [['given up (UTC)', 'queue', 'job', 'error'], ...letters]);
        output.line('\n  Mend the cause, then: studyin queue redrive');
      }
      output.result({ queues, dead });
    });
  } finally {
    await database.close();
  }
}

function show(output: Output, rows: readonly (readonly string[])[]): void {
  for (const line of textTable(rows)) output.line(`  ${line}`);
}
