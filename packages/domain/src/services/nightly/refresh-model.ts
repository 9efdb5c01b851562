// The step `mastery-model`: a new version once the answers have doubled, and whoever the active one has not reached.
import type { App } from '../../app.ts';
import { getActiveVersion } from '../../stores/model-store.ts';
import { sendRefolds } from '../mastery-models/activate-model.ts';
import { isRefitDue } from '../mastery-models/refit-model.ts';
import type { ChunkResult } from './night-step.ts';

/** Answers how many learners are to be moved to the active version; their jobs are sent. */
export async function refreshModel(app: App): Promise<ChunkResult> {
  if (await isRefitDue(app)) app.log.info({ event: 'mastery_model.refitted', ...(await app.refit()) });
  return app.database.transaction(async (tx) => ({ rows: await sendRefolds(app, tx, await getActiveVersion(tx)) }));
}
