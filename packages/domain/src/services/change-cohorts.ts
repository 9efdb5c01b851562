// Cohorts and who is in them. A change of members is in the access log in the transaction that makes it.
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import {
  deleteCohortRow,
  listMemberIds,
  lockCohortRow,
  removeMemberRows,
  saveCohortRow,
  saveMembers,
} from '../stores/cohort-store.ts';
import type { MemberRow } from '../stores/cohort-store.ts';
import { shareErasureLocks } from '../stores/erasure-store.ts';
import { findErasedSubjects } from '../stores/learner-store.ts';
import { recordAccessIn } from './record-access.ts';
import type { Accessor } from './record-access.ts';
import { sealText } from './sealed-text.ts';
import { subjectOf } from './subject.ts';

type Needs = Pick<App, 'database' | 'keys'>;
type CohortId = { readonly cohortId: string };

/** Makes a cohort, or gives it another name, which is stored sealed. Idempotent. */
export async function saveCohort(
  { database, keys }: Needs,
  { cohortId, name }: CohortId & { readonly name: string },
): Promise<CohortId & { readonly name: string }> {
  const sealed = sealText(keys.subject, name, ['cohorts.name', cohortId]);
  await database.transaction((tx) => saveCohortRow(tx, { id: cohortId, name: sealed }));
  return { cohortId, name };
}

/** Removes a cohort with its memberships; their rows stay. Answers whether there was one. */
export async function removeCohort(
  { database, keys }: Needs,
  { cohortId }: CohortId,
  accessor: Accessor,
): Promise<{ readonly removed: boolean }> {
  return database.transaction(async (tx) => {
    if (!(await lockCohortRow(tx, cohortId))) return { removed: false };
    await recordAccessIn(tx, keys, { ...accessor, userIds: await listMemberIds(tx, cohortId) });
    await deleteCohortRow(tx, cohortId);
    return { removed: true };
  });
}

/**
 * Adds members, or gives them another role; they need not have sent anything yet. Answers who was left out because they were erased.
 * Idempotent. Throws `not_found` for an unknown cohort.
 */
export async function addMembers(
  { database, keys }: Needs,
  { cohortId, members }: CohortId & { readonly members: readonly MemberRow[] },
  accessor: Accessor,
): Promise<{ readonly erased: readonly string[] }> {
  // the last word counts where somebody is named twice
  const wanted = [...new Map(members.map((member) => [member.userId, member])).values()];
  return database.transaction(async (tx) => {
    await requireCohort(tx, cohortId);
    const subjects = new Map(wanted.map(({ userId }) => [userId, subjectOf(keys.subject, userId)]));
    await shareErasureLocks(tx, [...subjects.values()]);
    const { erased } = await findErasedSubjects(tx, [...subjects.values()], null);
    const isErased = ({ userId }: MemberRow): boolean => erased.has(subjects.get(userId)?.toString('hex') ?? '');
    const added = wanted.filter((member) => !isErased(member));
    await recordAccessIn(tx, keys, { ...accessor, userIds: added.map(({ userId }) => userId) });
    await saveMembers(tx, cohortId, added);
    return { erased: wanted.filter(isErased).map(({ userId }) => userId) };
  });
}

/** Takes members out; answers how many there were. Throws `not_found` for an unknown cohort. */
export async function removeMembers(
  { database, keys }: Needs,
  { cohortId, userIds }: CohortId & { readonly userIds: readonly string[] },
  accessor: Accessor,
): Promise<{ readonly removed: number }> {
  return database.transaction(async (tx) => {
    await requireCohort(tx, cohortId);
    const removed = await removeMemberRows(tx, cohortId, userIds);
    await recordAccessIn(tx, keys, { ...accessor, userIds: removed });
    return { removed: removed.length };
  });
}

async function requireCohort(tx: Tx, cohortId: string): Promise<void> {
  if (await lockCohortRow(tx, cohortId)) return;
  throw new DomainError('not_found', 'There is no such cohort.', { path: 'cohortId' });
}
