import { DomainError } from '@studyin/domain/errors';
import { listCohorts, listMembers } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { accessorOf } from '../operator.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { textTable } from '../text-table.ts';
import { onDatabase } from './cohort.ts';

type Run = { readonly config: Config; readonly output: Output };

export type CohortListOptions = {
  /** Null: the cohorts themselves. */
  readonly cohortId: string | null;
  readonly reason: string | null;
  readonly limit: number;
  readonly cursor: string | null;
};

const isMemberCursor = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Shows a page of cohorts, or of the members of one; that somebody looked at those is in the access log before it is shown. */
export async function listCommand(run: Run, { cohortId, reason, ...page }: CohortListOptions): Promise<void> {
  if (cohortId === null) return showCohorts(run, page);
  const accessor = accessorOf('cohorts.members', reason);
  if (page.cursor !== null && !isMemberCursor.test(page.cursor)) {
    throw new DomainError('invalid', 'A --cursor of members is the id that the page before ended with.');
  }
  const found = await onDatabase(run, (app) => listMembers(app, { cohortId, instructorId: null, ...page }, accessor));
  const rows = found.members.map(({ userId, role }) => [userId, role]);
  show(run.output, [['member', 'role'], ...rows], found.nextCursor);
  run.output.result(found);
}

async function showCohorts(run: Run, page: Pick<CohortListOptions, 'limit' | 'cursor'>): Promise<void> {
  const found = await onDatabase(run, (app) => listCohorts(app, { instructorId: null, ...page }));
  const rows = found.cohorts.map(({ cohortId, name, members }) => [cohortId, count(members), name]);
  show(run.output, [['cohort', 'members', 'name'], ...rows], found.nextCursor);
  run.output.result(found);
}

function show(output: Output, rows: readonly (readonly string[])[], nextCursor: string | null): void {
  for (const line of textTable(rows)) output.line(`  ${line}`);
  if (nextCursor !== null) output.line(`\n  More follow: --cursor ${nextCursor}`);
}
