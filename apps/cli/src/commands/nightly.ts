import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { nightStages } from '../night-stages.ts';
import { openDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

/** Does the nights that are missing. Answers whether what was verified on the way is sound. */
export async function nightlyCommand(
  { config, output }: { readonly config: Config; readonly output: Output },
  { asOf }: { readonly asOf: string | null },
): Promise<boolean> {
  const database = await openDatabase(config);
  try {
    const opened = {
      url: database.url,
      role: config.role,
      secrets: loadSecrets(config),
      rules: config.rules,
      sends: true,
    };
    const steps = await interruptible((signal) =>
      withApp(opened, async (app) => {
        await requireMigrated(app);
        return nightStages(app, output, { asOf, signal });
      }),
    );
    const ok = steps.every(({ differences }) => differences === 0);
    output.result({ ok, steps });
    return ok;
  } finally {
    await database.close();
  }
}
