import { redriveDeadLetters } from '@studyin/domain/services';
import type { RedriveOptions } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

/** Sends dead letters again. Throws `invalid` for a queue that there is not. */
export async function queueRedrive(
  { config, output }: { readonly config: Config; readonly output: Output },
  options: RedriveOptions,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    await withApp({ url: database.url, role, secrets: loadSecrets(config), sends: true }, async (app) => {
      await requireMigrated(app);
      const redriven = await redriveDeadLetters(app, options);
      for (const { queue, jobs, waitingAlready } of redriven) {
        const rest = waitingAlready === 0 ? '' : `, ${count(waitingAlready)} had a job waiting already`;
        output.line(`  ${queue}: ${count(jobs)} sent again${rest}`);
      }
      output.result({ redriven });
    });
  } finally {
    await database.close();
  }
}
