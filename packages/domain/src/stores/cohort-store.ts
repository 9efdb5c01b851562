import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

const sharedCohort = statement(
  'cohort.shared',
  `select exists (
    select
    from cohort_members i
    join cohort_members l using (cohort_id)
    where i.user_id = $1
      and i.role = 'instructor'
      and l.user_id = $2
  ) as shared`,
);

/** Whether the first is an instructor of a cohort that the second is in. */
export async function isInstructorOf(reader: Reader, instructorId: string, userId: string): Promise<boolean> {
  const [row] = await reader.query<{ shared: boolean }>(sharedCohort, [instructorId, userId]);
  return row?.shared === true;
}
