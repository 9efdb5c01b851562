import { createDashboardHandler } from '@pg-boss/dashboard/handler';
import { QUEUE_SCHEMA } from '@studyin/domain/jobs';
import { sessionOptions } from '@studyin/domain/database';
import { createAdminCheck } from '../admin-check.ts';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { aborted, interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';
import { openDashboardGate } from '../queue-dashboard/gate.ts';
import { loadSecrets } from '../secrets.ts';

export type DashboardOptions = { readonly port: number; readonly allowsChanges: boolean };

/** Serves the dashboard at loopback, as the runtime role and behind an admin's token, until it is ended. */
export async function queueDashboard(
  { config, output }: { readonly config: Config; readonly output: Output },
  { port, allowsChanges }: DashboardOptions,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    const url = new URL(database.url);
    // It may do to the queue what a worker may, and nothing to the tables of learners that a worker may not.
    url.searchParams.set('options', sessionOptions({ role }));
    const handle = createDashboardHandler({ databases: [{ url: url.href, name: 'studyin', schema: QUEUE_SCHEMA }] });
    try {
      const checkAdmin = createAdminCheck(config, loadSecrets(config).tokenSecret);
      const gate = await openDashboardGate({ port, allowsChanges, checkAdmin, handle });
      output.line(`  The queue's dashboard is at ${gate.url}; it asks for a token of the role admin.`);
      output.line(allowsChanges ? '  Jobs can be changed.' : '  It only shows; --changes lets jobs be changed.');
      try {
        await interruptible(aborted);
      } finally {
        await gate.close();
      }
    } finally {
      await handle.close();
    }
  } finally {
    await database.close();
  }
}
