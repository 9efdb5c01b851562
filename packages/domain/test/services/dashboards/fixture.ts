// A database of its own for a test file, what the dashboards' services need of it, and rows to read.
import { expect } from 'chai';
import type { z } from 'zod';
import { createStudyDayCalculator } from '@studyin/domain/algorithms';
import { connect, statement, type Database } from '@studyin/domain/database';
import { deterministicUuid } from '@studyin/domain/events';
import { useTestDatabase } from '@studyin/testkit/test-database';
import type { App } from '../../../src/app.ts';
import { DomainError } from '../../../src/errors.ts';
import { createCurriculumCache } from '../../../src/services/curriculum-cache.ts';
import { createLearnerZones } from '../../../src/services/learner-zones.ts';
import { createModelCache } from '../../../src/services/model-cache.ts';
import { requireLearner } from '../../../src/services/require-learner.ts';

export type DashboardApp = Pick<
  App,
  'database' | 'clock' | 'studyDayAt' | 'zones' | 'requireLearner' | 'keys' | 'curriculum' | 'models'
>;
type Row = Readonly<Record<string, unknown>>;

/** The same name gives the same id. */
export const id = (name: string): string => deterministicUuid('dashboards-test', name);
export const learnerId = id('learner');
export const strangerId = id('stranger');
/** The learner's study day in these tests, a Wednesday. */
export const today = '2026-03-18';

/** Gives the surrounding `describe` an app on a database with one learner who has no other row. */
export function useDashboardApp(): () => DashboardApp {
  let database: Database;
  after(() => database.close()); // before the drop below: hooks run in the order they are defined
  const testDatabase = useTestDatabase();
  before(async () => {
    database = connect({ url: testDatabase().url, role: 'studyin_runtime', applicationName: 'dashboards-test' });
    await insertRows(database, 'learners', [{ user_id: learnerId }]);
  });
  return () => ({
    database,
    clock: { fixedAt: null },
    curriculum: createCurriculumCache(database.reader),
    models: createModelCache(),
    studyDayAt: createStudyDayCalculator(),
    zones: createLearnerZones(),
    requireLearner,
    keys: { session: 'session key of these tests', subject: 'subject key of these tests' },
  });
}

/** Inserts rows keyed by column name; all rows name the same columns, the others take their defaults. */
export async function insertRows({ reader }: Database, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  const insert = statement(
    `test.insert_${table}_${columns.length}`,
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
  );
  await reader.query(insert, [JSON.stringify(rows)]);
}

/** What every answer must be: of the schema's type, and the same after it has been JSON. */
export function expectAnswer(schema: z.ZodType, answer: object): void {
  expect(schema.parse(answer)).to.deep.equal(answer);
  const json = JSON.stringify(answer);
  expect(JSON.parse(json)).to.deep.equal(answer);
}

/** The code and path of the error that a call must end with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof DomainError ? `${error.code} ${error.path ?? ''}`.trim() : `not refused: ${String(error)}`;
}

export const topicRow = (name: string, over: Row = {}): Row => ({
  id: id(name),
  parent_id: null,
  level: 3,
  path: name,
  slug: name,
  name: name.toUpperCase(),
  effective_exam_weight: 5,
  questions_count: 0,
  ...over,
});

export const masteryRow = (topic: string, score: number | null, over: Row = {}): Row => ({
  user_id: learnerId,
  topic_id: id(topic),
  mastery_score: score,
  score_v1: score,
  questions_attempted: 0,
  questions_correct: 0,
  total_study_seconds: 0,
  avg_response_time_seconds: null,
  first_studied_at: '2026-03-01T08:00:00Z',
  last_studied_at: '2026-03-17T08:00:00Z',
  next_review_day: null,
  mastery_trend: 'unknown',
  evidence: 'enough',
  as_of: '2026-03-18T00:00:00Z',
  ...over,
});

export const dayRow = (studyDay: string, over: Row = {}): Row => ({
  user_id: learnerId,
  stat_date: studyDay,
  sessions: 0,
  active_seconds: 0,
  questions_attempted: 0,
  questions_correct: 0,
  xp_earned: 0,
  goal_minutes: 30,
  as_of: studyDay,
  ...over,
});

export const sessionRow = (name: string, startedAt: string, over: Row = {}): Row => ({
  user_id: learnerId,
  id: id(name),
  started_at: startedAt,
  ended_at: null,
  last_event_at: startedAt,
  duration_seconds: 0,
  active_seconds: 0,
  questions_attempted: 0,
  questions_correct: 0,
  xp_earned: 0,
  device_type: null,
  topics_studied: [],
  study_day: startedAt.slice(0, 10),
  ...over,
});

export const progressRow = (question: string, firstStudyDay: string, over: Row = {}): Row => ({
  user_id: learnerId,
  question_id: id(question),
  topic_id: id('topic'),
  attempts: 1,
  correct: 1,
  first_attempt_id: id(`${question} first`),
  first_attempt_at: `${firstStudyDay}T10:00:00Z`,
  first_study_day: firstStudyDay,
  first_correct: true,
  last_attempt_id: id(`${question} first`),
  last_attempt_at: `${firstStudyDay}T10:00:00Z`,
  last_study_day: firstStudyDay,
  last_correct: true,
  interval_days: null,
  due_day: null,
  as_of: '2026-03-17T10:00:00Z',
  ...over,
});

export const gapRow = (topic: string, priorityScore: number, over: Row = {}): Row => ({
  user_id: learnerId,
  topic_id: id(topic),
  severity: 'high',
  gap_score: 0.6,
  priority_score: priorityScore,
  attempts: 4,
  accuracy: 0.25,
  recent_failure_rate: 0.75,
  exam_weight: 8,
  blocks_count: 2,
  estimated_hours: 1.5,
  recommended_materials: [id('material')],
  reasons: [{ code: 'low_accuracy', text: '1 of 4 answers right (25%).' }],
  blocked_by: [],
  path: [],
  is_ready: true,
  identified_on: '2026-03-10',
  resolved_on: null,
  as_of: '2026-03-18T00:00:00Z',
  ...over,
});
