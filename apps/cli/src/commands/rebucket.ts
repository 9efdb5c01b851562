import { DomainError } from '@studyin/domain/errors';
import { sqlStateOf } from '@studyin/domain/database';
import { rebucketLearner, rebucketLearners } from '@studyin/domain/services';
import type { App, RebucketTotals } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type RebucketOptions = {
  /** Null with `all`. */
  readonly userId: string | null;
  readonly all: boolean;
  readonly dryRun: boolean;
};

type Run = { readonly config: Config; readonly output: Output };

const NOT_ALLOWED = '42501'; // insufficient_privilege

/** Cuts study days anew and says what moved. Throws `forbidden` where the login does not own the facts. */
export async function rebucket({ config, output }: Run, options: RebucketOptions): Promise<void> {
  if (options.all === (options.userId !== null)) throw new DomainError('invalid', 'Say either --user or --all.');
  await interruptible(async (signal) => {
    const database = await openDatabase(config);
    try {
      // As the login itself: no role of the product may change a fact.
      const app = { url: database.url, role: undefined, secrets: loadSecrets(config), readsAll: true };
      output.result(await withApp(app, (opened) => rebucketStage(opened, { output, signal, ...options })));
    } finally {
      await database.close();
    }
  });
}

type StageInput = RebucketOptions & { readonly output: Output; readonly signal: AbortSignal };

async function rebucketStage(app: App, { output, signal, userId, dryRun }: StageInput): Promise<RebucketTotals> {
  await requireMigrated(app);
  const stage = output.stage(dryRun ? 'study days, dry run' : 'study days');
  const onProgress = (learners: number): void => stage.progress(learners, learners, 'learners');
  try {
    const totals =
      userId === null
        ? await rebucketLearners(app, { dryRun, signal, onProgress })
        : await rebucketOne(app, { userId, dryRun });
    const { movedEvents, events, movedLearners } = totals;
    stage.done(
      `${count(movedEvents)} of ${count(events)} events of ${count(movedLearners)} learners ${dryRun ? 'would move' : 'moved'}`,
    );
    return totals;
  } catch (error) {
    if (sqlStateOf(error) !== NOT_ALLOWED) throw error;
    throw new DomainError('forbidden', 'Only the owner of the tables may move study days.', { cause: error });
  }
}

async function rebucketOne(
  app: App,
  { userId, dryRun }: { readonly userId: string; readonly dryRun: boolean },
): Promise<RebucketTotals> {
  const moved = await rebucketLearner(app, { userId, dryRun });
  return { ...moved, learners: 1, movedLearners: moved.movedEvents > 0 ? 1 : 0 };
}
