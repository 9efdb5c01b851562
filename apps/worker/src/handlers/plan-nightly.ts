import { planNightlyJob } from '@studyin/domain/jobs';
import type { ClaimedJob } from '@studyin/domain/jobs';
import { planNights } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/** Sends the chunks of the step that is next, if one is due. */
export async function handlePlanNightly({ app, jobs }: HandlerContext, claimed: ClaimedJob<object>): Promise<void> {
  const planned = await planNights(app, (tx) => jobs.complete(tx, planNightlyJob, claimed));
  if (planned !== null) app.log.info({ event: 'nightly.planned', ...planned });
}
