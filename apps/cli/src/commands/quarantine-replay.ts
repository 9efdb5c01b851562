import { countQuarantine, replayQuarantine } from '@studyin/domain/services';
import type { App, ReplayOptions, ReplayProgress } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

type Options = Omit<ReplayOptions, 'signal' | 'onProgress'>;

/** Records quarantined items again and says what came of them. */
export async function replayCommand(
  { config, output }: { readonly config: Config; readonly output: Output },
  options: Options,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    const opened = { url: database.url, role, secrets: loadSecrets(config), sends: true };
    const done = await interruptible((signal) =>
      withApp(opened, async (app) => {
        await requireMigrated(app);
        return replayStage(app, output, { ...options, signal });
      }),
    );
    output.result({ dryRun: options.dryRun === true, ...done });
  } finally {
    await database.close();
  }
}

async function replayStage(
  app: App,
  output: Output,
  options: Omit<ReplayOptions, 'onProgress'>,
): Promise<ReplayProgress> {
  const counts = await countQuarantine(app, options);
  const total = Math.min(
    options.limit,
    counts.reduce((sum, { replayable }) => sum + replayable, 0),
  );
  const stage = output.stage(options.dryRun === true ? 'quarantine, dry run' : 'quarantine');
  const onProgress = ({ tried }: ReplayProgress): void => stage.progress(tried, total, 'items');
  const done = await replayQuarantine(app, { ...options, onProgress });
  stage.done(summaryOf(done, options.dryRun === true));
  return done;
}

function summaryOf({ tried, accepted, duplicate, erased, kept }: ReplayProgress, dryRun: boolean): string {
  if (tried === 0) return 'nothing can be replayed';
  const ofErased = erased === 0 ? '' : `, ${count(erased)} ${dryRun ? 'would be ' : ''}dropped with their learner`;
  return dryRun
    ? `${count(tried)} tried: ${count(accepted)} would be accepted, ${count(duplicate)} were stored before${ofErased}, ${count(kept)} would stay`
    : `${count(tried)} tried: ${count(accepted)} accepted, ${count(duplicate)} were stored before${ofErased}, ${count(kept)} stay`;
}
