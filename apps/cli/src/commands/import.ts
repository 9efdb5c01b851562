import { accessSync, constants, createReadStream } from 'node:fs';
import { DomainError } from '@studyin/domain/errors';
import { importLearner } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { operatorOf } from '../operator.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type ImportOptions = { readonly file: string; readonly reason: string | null };

type Run = { readonly config: Config; readonly output: Output };

/** Stores an exported learner whom the database does not know. */
export async function importCommand({ config, output }: Run, { file, reason }: ImportOptions): Promise<void> {
  const { actor, reason: stated } = operatorOf(reason);
  requireReadable(file);
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    const opened = { url: database.url, role, secrets: loadSecrets(config), readsAll: true, sends: true };
    const imported = await withApp(opened, async (app) => {
      await requireMigrated(app);
      const stage = output.stage('rows');
      const done = await importLearner(app, {
        open: () => createReadStream(file, 'utf8'),
        actor,
        reason: stated,
        onProgress: (rows) => stage.progress(rows, rows, 'rows'),
      });
      stage.done(`${count(done.rows)} rows; a worker derives them under the curriculum that is here`);
      return done;
    });
    output.result(imported);
  } finally {
    await database.close();
  }
}

function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new DomainError('invalid', `${file} cannot be read.`, { cause: error });
  }
}
