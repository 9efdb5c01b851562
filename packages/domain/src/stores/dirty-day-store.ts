import { plainArray, statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

const mark = statement(
  'dirty_day.mark',
  `insert into dirty_days (user_id, study_day, completed)
  select * from unnest($1::uuid[], $2::date[], $3::boolean[])
  on conflict (user_id, study_day) do update set completed = true
  where excluded.completed and not dirty_days.completed`,
);

const take = statement(
  'dirty_day.take',
  `delete from dirty_days
  where user_id = any($1::uuid[])
  returning user_id as "userId", study_day::text as "studyDay", completed`,
);

export type DirtyDay = {
  readonly userId: string;
  readonly studyDay: string;
  /** Whether one of the events completes a material. */
  readonly completed: boolean;
};

/** Marks days whose rows no longer tell all; sorted by learner and day, each once. Sent, not waited for. */
export function markDirtyDays(tx: Tx, days: readonly DirtyDay[]): void {
  if (days.length === 0) return;
  const column = (key: keyof DirtyDay): string => plainArray(days.map((day) => day[key]));
  tx.send(mark, [column('userId'), column('studyDay'), column('completed')]);
}

/** Takes the dirty days of learners, in order of the days; they are dirty again if the transaction is undone. */
export async function takeDirtyDays(tx: Tx, userIds: readonly string[]): Promise<readonly DirtyDay[]> {
  const rows = await tx.query<DirtyDay>(take, [userIds]);
  return rows.toSorted((a, b) => (a.studyDay < b.studyDay ? -1 : 1));
}
