import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type CohortRow = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly members: number;
};
export type MemberRole = 'learner' | 'instructor';
export type MemberRow = { readonly userId: string; readonly role: MemberRole };

const sharedCohort = statement(
  'cohort.shared',
  `select exists (
    select
    from cohort_members i
    join cohort_members l using (cohort_id)
    where i.user_id = $1
      and i.role = 'instructor'
      and l.user_id = $2
      and l.role = 'learner'
  ) as shared`,
);

const instructs = statement(
  'cohort.instructs',
  `select exists (
    select
    from cohort_members
    where cohort_id = $1 and user_id = $2 and role = 'instructor'
  ) as instructs`,
);

// $1: an instructor, whose own cohorts they are, or null for all.
const selectCohorts = statement(
  'cohort.list',
  `select c.id, c.name, c.created_at as "createdAt",
    (select count(*)::int from cohort_members m where m.cohort_id = c.id) as members
  from cohorts c
  where ($1::uuid is null
      or exists (select from cohort_members i where i.cohort_id = c.id and i.user_id = $1 and i.role = 'instructor'))
    and ($2::timestamptz is null or (c.created_at, c.id) < ($2, $3::uuid))
  order by c.created_at desc, c.id desc
  limit $4`,
);

const selectMembers = statement(
  'cohort.members',
  `select user_id as "userId", role
  from cohort_members
  where cohort_id = $1
    and ($2::uuid is null or user_id > $2)
  order by user_id
  limit $3`,
);

// Whole milliseconds, as cursors have them.
const upsertCohort = statement(
  'cohort.save',
  `insert into cohorts (id, name, created_at)
  values ($1, $2, date_trunc('milliseconds', now()))
  on conflict (id) do update set name = excluded.name`,
);

// A new member waits for it, and then finds no cohort.
const lockCohort = statement('cohort.lock', `select id from cohorts where id = $1 for update`);
const shareCohort = statement('cohort.share', `select id from cohorts where id = $1 for share`);

const deleteCohort = statement('cohort.delete', `delete from cohorts where id = $1`);

const selectMemberIds = statement(
  'cohort.member_ids',
  `select user_id as "userId" from cohort_members where cohort_id = $1`,
);

const upsertMembers = statement(
  'cohort.add_members',
  `insert into cohort_members as m (cohort_id, user_id, role)
  select $1, n.user_id, n.role
  from unnest($2::uuid[], $3::text[]) as n (user_id, role)
  order by n.user_id
  on conflict (cohort_id, user_id) do update set role = excluded.role
  where m.role <> excluded.role`,
);

const deleteMembers = statement(
  'cohort.remove_members',
  `delete from cohort_members
  where cohort_id = $1 and user_id = any($2::uuid[])
  returning user_id as "userId"`,
);

/** Whether the first is an instructor of a cohort that the second is a learner of. */
export async function isInstructorOf(reader: Reader, instructorId: string, userId: string): Promise<boolean> {
  const [row] = await reader.query<{ shared: boolean }>(sharedCohort, [instructorId, userId]);
  return row?.shared === true;
}

export async function isInstructorOfCohort(reader: Reader, instructorId: string, cohortId: string): Promise<boolean> {
  const [row] = await reader.query<{ instructs: boolean }>(instructs, [cohortId, instructorId]);
  return row?.instructs === true;
}

export type CohortPage = {
  readonly instructorId: string | null;
  readonly before: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

/** Cohorts, the newest first. */
export function listCohortRows(
  reader: Reader,
  { instructorId, before, limit }: CohortPage,
): Promise<readonly CohortRow[]> {
  return reader.query<CohortRow>(selectCohorts, [instructorId, before?.at ?? null, before?.id ?? null, limit]);
}

/** Members in order of their ids, after one of them. */
export function listMemberRows(
  reader: Reader,
  { cohortId, after, limit }: { readonly cohortId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly MemberRow[]> {
  return reader.query<MemberRow>(selectMembers, [cohortId, after, limit]);
}

export async function saveCohortRow(
  tx: Tx,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  await tx.query(upsertCohort, [id, name]);
}

/** Locks a cohort against others who change it; false where there is none. */
export async function lockCohortRow(tx: Tx, cohortId: string): Promise<boolean> {
  return (await tx.query(lockCohort, [cohortId])).length > 0;
}

/** Keeps a cohort from being removed; false where there is none. */
export async function shareCohortRow(reader: Reader, cohortId: string): Promise<boolean> {
  return (await reader.query(shareCohort, [cohortId])).length > 0;
}

export async function listMemberIds(reader: Reader, cohortId: string): Promise<readonly string[]> {
  return (await reader.query<{ userId: string }>(selectMemberIds, [cohortId])).map(({ userId }) => userId);
}

/** Its members go with it. */
export async function deleteCohortRow(tx: Tx, cohortId: string): Promise<void> {
  await tx.query(deleteCohort, [cohortId]);
}

/** Adds members, and gives those who are there the role that is named. */
export async function saveMembers(tx: Tx, cohortId: string, members: readonly MemberRow[]): Promise<void> {
  await tx.query(upsertMembers, [cohortId, members.map(({ userId }) => userId), members.map(({ role }) => role)]);
}

/** Answers those who were members. */
export async function removeMemberRows(
  tx: Tx,
  cohortId: string,
  userIds: readonly string[],
): Promise<readonly string[]> {
  return (await tx.query<{ userId: string }>(deleteMembers, [cohortId, userIds])).map(({ userId }) => userId);
}
