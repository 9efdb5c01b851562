// What this command line has sent to a database, kept in that database: a second run knows it whoever starts it.
import { statement } from '@studyin/domain/database';
import type { App } from '@studyin/domain/services';

const findMark = statement(
  'cli.find_mark',
  `select to_char(watermark, 'YYYY-MM-DD') as day, finished_at is not null as "isFinished", rows_written::int as rows
  from batch_runs
  where step = $1`,
);

const saveMark = statement(
  'cli.save_mark',
  `insert into batch_runs (step, watermark, started_at, finished_at, rows_written)
  values ($1, $2::date, now(), case when $3 then now() end, $4)
  on conflict (step) do update set
    watermark = excluded.watermark,
    finished_at = excluded.finished_at,
    rows_written = excluded.rows_written`,
);

const findLatest = statement(
  'cli.find_latest_mark',
  `select to_char(watermark, 'YYYY-MM-DD') as day, finished_at is not null as "isFinished", rows_written::int as rows
  from batch_runs
  where starts_with(step, $1)
  order by watermark desc
  limit 1`,
);

/** The last day of what was sent, whether all of it was, and how many rows that were. */
export type RunMark = { readonly day: string; readonly isFinished: boolean; readonly rows: number };

export async function findRunMark({ database }: Pick<App, 'database'>, step: string): Promise<RunMark | null> {
  const [mark] = await database.reader.query<RunMark>(findMark, [step]);
  return mark ?? null;
}

/** Of the marks whose step begins so, the one with the latest day. */
export async function findLatestRunMark({ database }: Pick<App, 'database'>, prefix: string): Promise<RunMark | null> {
  const [mark] = await database.reader.query<RunMark>(findLatest, [prefix]);
  return mark ?? null;
}

export async function saveRunMark(
  { database }: Pick<App, 'database'>,
  step: string,
  { day, isFinished, rows }: RunMark,
): Promise<void> {
  await database.transaction((tx) => tx.query(saveMark, [step, day, isFinished, rows]));
}
