// What is taken as given for a learner whose old facts are gone: their checkpoint, and the rows of days and sessions before it.
import type { DailyStats, Scheduler } from '../../algorithms/index.ts';
import type { VerifiedCheckpoint } from '../../stores/verify-fact-store.ts';
import type { Row, VerifiedName } from '../../stores/verify-tables.ts';
import { boundaryMsOf, firstOpenDay } from '../retention/boundary.ts';
import { decodeCheckpoint } from '../retention/checkpoint-state.ts';
import type { CheckpointState } from '../retention/checkpoint-state.ts';
import type { TopicDay } from './expected-days.ts';
import type { Finding } from './findings.ts';

export type Past = CheckpointState & {
  readonly userId: string;
  /** Answers that the checkpoint's row counts. */
  readonly counted: number;
  readonly boundaryMs: number;
  /** Days before it stay as they are. */
  readonly openFrom: string;
  readonly daily: readonly DailyStats[];
  readonly topicDaily: readonly TopicDay[];
  /** Material → when it was completed as a whole, by what is left of old sessions. */
  readonly completedAt: ReadonlyMap<string, number>;
  /** Whether facts still tell of a stored row. */
  isChecked(name: VerifiedName, row: Row): boolean;
};

type RowsOf = (name: VerifiedName) => readonly Row[];

const KEPT_MS = 3 * 86_400_000;

export function pastOf(checkpoint: VerifiedCheckpoint, rowsOf: RowsOf): Past {
  const boundaryMs = boundaryMsOf(checkpoint.boundary);
  const openFrom = firstOpenDay(checkpoint.boundary);
  const isOpenDay = (row: Row): boolean => String(row['stat_date']) >= openFrom;
  const isKeptSession = (row: Row): boolean => Number(row['last_event_at']) >= boundaryMs - KEPT_MS;
  const keptSessions = new Set(
    rowsOf('sessionCounters')
      .filter(isKeptSession)
      .map((row) => row['id']),
  );
  const isKept: Readonly<Partial<Record<VerifiedName, (row: Row) => boolean>>> = {
    sessionCounters: isKeptSession,
    sessionTimes: (row) => keptSessions.has(row['id'] ?? null),
    interactions: (row) => keptSessions.has(row['session_id'] ?? null),
    daily: isOpenDay,
    topicDaily: isOpenDay,
  };
  const isChecked = (name: VerifiedName, row: Row): boolean => isKept[name]?.(row) ?? true;
  const given = (name: VerifiedName): readonly Row[] => rowsOf(name).filter((row) => !isChecked(name, row));
  return {
    ...decodeCheckpoint(checkpoint.state),
    userId: checkpoint.userId,
    counted: checkpoint.answers,
    boundaryMs,
    openFrom,
    daily: given('daily')
      .map(dayOf<DailyStats>)
      .sort(byDay),
    topicDaily: given('topicDaily')
      .map(dayOf<TopicDay>)
      .sort(byDay),
    completedAt: completionsIn(given('interactions')),
    isChecked,
  };
}

function dayOf<Day>(row: Row): Day {
  const entries = Object.entries(row).map(([column, value]) => [
    column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  // as: a row of days has the columns of its type, in snake case, and its day as `stat_date`
  return { ...Object.fromEntries(entries), studyDay: row['stat_date'] } as Day;
}

function byDay(a: { readonly studyDay: string }, b: { readonly studyDay: string }): number {
  return a.studyDay < b.studyDay ? -1 : 1;
}

function completionsIn(interactions: readonly Row[]): ReadonlyMap<string, number> {
  const completedAt = new Map<string, number>();
  for (const { material_id: material, chunk_id: chunk, completed_at: at } of interactions) {
    if (chunk !== null || typeof at !== 'number') continue;
    completedAt.set(String(material), Math.min(completedAt.get(String(material)) ?? Infinity, at));
  }
  return completedAt;
}

const schedulers: readonly Scheduler[] = ['fsrs-6', 'sm2-seed', 'sm2'];

/** Whether a checkpoint agrees with itself: its counts, its times, and a schedule for every question. */
export function checkPast({ userId, counted, boundaryMs, learner, reviews }: Past): readonly Finding[] {
  const { answers, cursor, topics, questions } = learner;
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const parts = [...topics.values(), ...questions.values()];
  const faults = [
    ...(counted === answers ? [] : [`answers is ${counted}, expected those of its state, ${answers}`]),
    ...(sum([...topics.values()].map(({ attempts }) => attempts)) === answers
      ? []
      : ['topics do not add up to answers']),
    ...(sum([...questions.values()].map(({ attempts }) => attempts)) === answers
      ? []
      : ['questions do not add up to answers']),
    ...(parts.every(({ attempts, correct }) => correct >= 0 && correct <= attempts)
      ? []
      : ['correct exceeds attempts']),
    ...(cursor === null || cursor.atMs < boundaryMs ? [] : ['its last answer is not before the boundary']),
    ...schedulers
      .filter((scheduler) => [...questions.keys()].some((id) => !reviews[scheduler].has(id)))
      .map((scheduler) => `a question has no schedule by ${scheduler}`),
  ];
  if (faults.length === 0) return [];
  return [{ invariant: 'derived', example: `learner_checkpoints user_id=${userId}: ${faults.join('; ')}` }];
}
