// What changes cohorts. A change of members is in the access log in the transaction that makes it.
import { randomUUID } from 'node:crypto';
import { DomainError } from '@studyin/domain/errors';
import { isGroupName } from '@studyin/domain/events';
import { addMembers, removeCohort, removeMembers, saveCohort } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { accessorOf } from '../operator.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

type Run = { readonly config: Config; readonly output: Output };
type Cohort = { readonly cohortId: string; readonly reason: string | null };
type Member = { readonly userId: string; readonly role: 'learner' | 'instructor' };

/** Makes or renames a cohort. Throws `invalid` for a name that holds personal data. */
export async function createCommand(
  run: Run,
  { name, cohortId }: { readonly name: string; readonly cohortId: string | null },
): Promise<void> {
  const stated = name.trim();
  if (!isGroupName(stated)) {
    throw new DomainError('invalid', 'A --name has 1 to 100 characters and holds nobody’s address.', { path: 'name' });
  }
  const saved = await onDatabase(run, (app) => saveCohort(app, { cohortId: cohortId ?? randomUUID(), name: stated }));
  run.output.line(`  ✔ ${saved.name}: ${saved.cohortId}`);
  run.output.result(saved);
}

export async function addCommand(
  run: Run,
  { cohortId, members, reason }: Cohort & { readonly members: readonly Member[] },
): Promise<void> {
  const accessor = accessorOf('cohorts.addMembers', reason);
  const { erased } = await onDatabase(run, (app) => addMembers(app, { cohortId, members }, accessor));
  const added = new Set(members.map(({ userId }) => userId)).size - erased.length;
  run.output.line(`  ✔ ${count(added)} in the cohort`);
  if (erased.length > 0) run.output.line(`  left out, erased: ${erased.join(', ')}`);
  run.output.result({ cohortId, added, erased });
}

export async function removeCommand(
  run: Run,
  { cohortId, userIds, reason }: Cohort & { readonly userIds: readonly string[] },
): Promise<void> {
  const accessor = accessorOf('cohorts.removeMembers', reason);
  const { removed } = await onDatabase(run, (app) => removeMembers(app, { cohortId, userIds }, accessor));
  run.output.line(`  ✔ ${count(removed)} taken out of the cohort`);
  run.output.result({ cohortId, removed });
}

export async function deleteCommand(run: Run, { cohortId, reason }: Cohort): Promise<void> {
  const accessor = accessorOf('cohorts.remove', reason);
  const { removed } = await onDatabase(run, (app) => removeCohort(app, { cohortId }, accessor));
  run.output.line(removed ? '  ✔ the cohort is deleted' : '  There is no such cohort.');
  run.output.result({ cohortId, removed });
}

/** Opens the migrated database for the time of `use`. */
export async function onDatabase<T>({ config }: Run, use: (app: App) => Promise<T>): Promise<T> {
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role);
    return await withApp({ url: database.url, role, secrets: loadSecrets(config) }, async (app) => {
      await requireMigrated(app);
      return use(app);
    });
  } finally {
    await database.close();
  }
}
