import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { isInstructorOfCohort, listCohortRows, listMemberRows, shareCohortRow } from '../stores/cohort-store.ts';
import type { CohortRow, MemberRow } from '../stores/cohort-store.ts';
import { decodeCursor, encodeCursor, pageOf } from './page-cursor.ts';
import { recordAccessIn } from './record-access.ts';
import type { Accessor } from './record-access.ts';
import { openText } from './sealed-text.ts';

/** The name of a cohort that was sealed under another STUDYIN_SUBJECT_KEY. */
const UNREADABLE = '(sealed under another key)';

export type CohortList = {
  readonly cohorts: readonly { readonly cohortId: string; readonly name: string; readonly members: number }[];
  readonly nextCursor: string | null;
};

export type CohortQuery = {
  /** Whose own cohorts; null for all. */
  readonly instructorId: string | null;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/** Cohorts, the newest first. Throws `invalid` for a foreign cursor. */
export async function listCohorts(
  { database, keys }: Pick<App, 'database' | 'keys'>,
  { instructorId, limit, cursor }: CohortQuery,
): Promise<CohortList> {
  const rows = await listCohortRows(database.reader, { instructorId, before: decodeCursor(cursor), limit: limit + 1 });
  const { items, nextCursor } = pageOf(rows, {
    limit,
    cursorOf: ({ createdAt, id }) => encodeCursor({ at: createdAt, id }),
  });
  const nameOf = ({ id, name }: CohortRow): string => openText(keys.subject, name, ['cohorts.name', id]) ?? UNREADABLE;
  return { cohorts: items.map((row) => ({ cohortId: row.id, name: nameOf(row), members: row.members })), nextCursor };
}

export type MemberList = { readonly members: readonly MemberRow[]; readonly nextCursor: string | null };

export type MemberQuery = {
  readonly cohortId: string;
  readonly instructorId: string | null;
  readonly limit: number;
  /** The id of the last member of the page before. */
  readonly cursor?: string | null | undefined;
};

/**
 * Members of a cohort, by id. Who they are is in the access log before it is answered. Throws `not_found` for an unknown cohort, and
 * for one that the instructor does not teach.
 */
export async function listMembers(
  { database, keys }: Pick<App, 'database' | 'keys'>,
  { cohortId, instructorId, limit, cursor = null }: MemberQuery,
  accessor: Accessor,
): Promise<MemberList> {
  return database.transaction(async (tx) => {
    const mayRead = instructorId === null || (await isInstructorOfCohort(tx, instructorId, cohortId));
    if (!mayRead || !(await shareCohortRow(tx, cohortId))) {
      throw new DomainError('not_found', 'There is no such cohort.', { path: 'cohortId' });
    }
    const rows = await listMemberRows(tx, { cohortId, after: cursor, limit: limit + 1 });
    const members = rows.slice(0, limit);
    await recordAccessIn(tx, keys, { ...accessor, userIds: members.map(({ userId }) => userId) });
    return { members, nextCursor: rows.length > limit ? (members.at(-1)?.userId ?? null) : null };
  });
}
