import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { verifyStage } from '../verify-stage.ts';
import { withApp } from '../with-app.ts';

/** Checks every invariant of a database. Answers whether all hold. */
export async function verifyCommand(config: Config, output: Output): Promise<boolean> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    const verification = await withApp(
      { url: database.url, role, secrets: loadSecrets(config), readsAll: true },
      async (app) => {
        await requireMigrated(app);
        return verifyStage(app, output);
      },
    );
    output.result(verification);
    return verification.ok;
  } finally {
    await database.close();
  }
}
