import { refitModel } from '@studyin/domain/services';
import type { Refit } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

type Run = { readonly config: Config; readonly output: Output };

/** Makes a version of the mastery model; answers whether there were enough answers for one. */
export async function refit({ config, output }: Run, { activate }: { readonly activate: boolean }): Promise<boolean> {
  const database = await openDatabase(config);
  try {
    const opened = { url: database.url, role: config.role, secrets: loadSecrets(config), sends: true };
    const result = await interruptible((signal) =>
      withApp(opened, async (app) => {
        await requireMigrated(app);
        const stage = output.stage('fitting');
        const made = await refitModel(app, {
          activate,
          signal,
          onProgress: (answers) => stage.progress(answers, answers, 'answers'),
        });
        stage.done(describe(made));
        return made;
      }),
    );
    output.result(result);
    return result.state !== 'too_few';
  } finally {
    await database.close();
  }
}

function describe(made: Refit): string {
  if (made.state === 'too_few') {
    return `${count(made.answers)} answers of ${count(made.learners)} learners are too few; 3,000 of 30 are needed`;
  }
  const { version, fitted, before, after, activation } = made;
  const losses = `log-loss of the last fifth ${sum(after)}, of the active version ${sum(before)}`;
  const outcome =
    activation === null ? 'not activated' : `active; the worker moves ${count(activation.learners)} learners to it`;
  return `version ${version} from ${count(fitted)} answers: ${losses}; ${outcome}`;
}

function sum({ nextQuestion, mastery }: { readonly nextQuestion: number; readonly mastery: number }): string {
  return (nextQuestion + mastery).toFixed(4);
}
