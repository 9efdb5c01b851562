import { join, resolve } from 'node:path';
import { DomainError } from '@studyin/domain/errors';
import { listArchives, restoreArchive } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

/** Shows the archived months. */
export async function archiveListCommand({ rules }: Config, output: Output): Promise<void> {
  const months = await listArchives(requireFolder(rules));
  for (const { month, tables, schemaVersion } of months) {
    const rows = tables.map((table) => `${count(table.rows)} ${table.table}`).join(', ');
    output.line(`  ${month}  ${rows}  (${schemaVersion})`);
  }
  if (months.length === 0) output.line('  no archived month');
  output.result({ months });
}

/** Puts an archived month back for inspection, with the login's own rights: it makes tables. */
export async function archiveRestoreCommand(config: Config, output: Output, what: string): Promise<void> {
  const folder = /^\d{4}-\d{2}$/.test(what) ? join(requireFolder(config.rules), what) : resolve(what);
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    const restored = await withApp(
      { url: database.url, role: undefined, secrets: loadSecrets(config), readsAll: true },
      async (app) => {
        await requireMigrated(app);
        return restoreArchive(app, { folder });
      },
    );
    for (const { name, rows, erasedRows } of restored.tables) {
      const left = erasedRows === 0 ? '' : `, ${count(erasedRows)} of erased learners left out`;
      output.line(`  ${name}: ${count(rows)} rows${left}`);
    }
    output.result(restored);
  } finally {
    await database.close();
  }
}

function requireFolder({ retention: { archiveDir } }: Config['rules']): string {
  if (archiveDir !== null) return archiveDir;
  throw new DomainError('misconfigured', 'STUDYIN_ARCHIVE_DIR is not set; it is the folder of the archived months.');
}
