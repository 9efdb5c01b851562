import { activateModel, compareModel, listModels } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

type Run = { readonly config: Config; readonly output: Output };

export function listModelsCommand(run: Run): Promise<void> {
  return withModels(run, async (app, output) => {
    const models = await listModels(app);
    output.line('');
    output.line(`  ${['version', 'made', 'answers', 'next question', 'mastery'].map(cell).join('')}`);
    for (const { version, madeAt, answers, after, active } of models) {
      const losses = [after?.nextQuestion, after?.mastery].map((loss) => (loss === undefined ? '' : loss.toFixed(4)));
      const cells = [String(version), madeAt.toISOString().slice(0, 10), count(answers), ...losses].map(cell);
      output.line(`  ${cells.join('')}${active ? '  active' : ''}`);
    }
    output.line('');
    output.result({ models: models.map(({ madeAt, ...model }) => ({ ...model, madeAt: madeAt.toISOString() })) });
  });
}

/** Activates a version, or says what that would change. */
export function activateModelCommand(
  run: Run,
  { version, dryRun }: { readonly version: number; readonly dryRun: boolean },
): Promise<void> {
  return withModels(run, async (app, output, signal) => {
    const stage = output.stage(dryRun ? 'activate, dry run' : 'activate');
    if (!dryRun) {
      const activation = await activateModel(app, version);
      stage.done(`version ${version} is active; the worker moves ${count(activation.learners)} learners to it`);
      output.result(activation);
      return;
    }
    const onProgress = (learners: number): void => stage.progress(learners, learners, 'learners');
    const compared = await compareModel(app, version, { onProgress, signal });
    const { changed, rows, learners, examples } = compared;
    stage.done(`${count(changed)} of ${count(rows)} scores of ${count(learners)} learners would change`);
    for (const { userId, topicId, before, after } of examples) {
      output.line(`    ${before.toFixed(3)} → ${after.toFixed(3)}  learner ${userId}, topic ${topicId}`);
    }
    output.result(compared);
  });
}

const cell = (text: string): string => text.padStart(14);

async function withModels(
  { config, output }: Run,
  use: (app: App, output: Output, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const opened = { url: database.url, role: config.role, secrets: loadSecrets(config), sends: true };
    await interruptible((signal) =>
      withApp(opened, async (app) => {
        await requireMigrated(app);
        await use(app, output, signal);
      }),
    );
  } finally {
    await database.close();
  }
}
