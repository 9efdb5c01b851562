import { open, rename, rm } from 'node:fs/promises';
import { exportLearner, recordAccess } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { operatorOf } from '../operator.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type ExportOptions = {
  readonly userId: string;
  readonly reason: string | null;
  /** Null: standard output, which then holds nothing else. */
  readonly out: string | null;
};

type Run = { readonly config: Config; readonly output: Output };

/** Writes everything of a learner as JSON lines; a file appears when it is whole. */
export async function exportCommand({ config, output }: Run, { userId, reason, out }: ExportOptions): Promise<void> {
  const { actor, reason: stated } = operatorOf(reason);
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    await withApp({ url: database.url, role, secrets: loadSecrets(config), readsAll: true }, async (app) => {
      await requireMigrated(app);
      await recordAccess(app, { actor, userIds: [userId], action: 'export', reason: stated, requestId: null });
      if (out === null) return exportLearner(app, { userId, write: writeOut });
      const { rows, tables, sha256 } = await exportToFile(app, userId, out);
      output.line(`  ✔ ${count(rows)} rows of ${Object.keys(tables).length} tables in ${out}`);
      return output.result({ file: out, rows, tables, sha256 });
    });
  } finally {
    await database.close();
  }
}

async function exportToFile(app: App, userId: string, out: string) {
  const draft = `${out}.part`;
  const file = await open(draft, 'w', 0o600);
  try {
    const manifest = await exportLearner(app, { userId, write: (lines) => file.appendFile(lines) });
    await file.sync();
    await file.close();
    await rename(draft, out);
    return manifest;
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
}

function writeOut(lines: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(lines, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}
