// One topic with a question and a material, and wire events about them.
import { randomUUID } from 'node:crypto';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestApi } from './test-api.ts';

export const topicId = idOf('topic', 1);
export const questionId = idOf('question', 1);
export const materialId = idOf('material', 1);
export const sessionId = idOf('session', 1);

export async function addCurriculum(api: Pick<TestApi, 'sql'>): Promise<void> {
  await api.sql(
    `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
    [topicId],
  );
  await api.sql(`insert into questions (id, topic_id, correct_answer) values ($1, $2, 'A')`, [questionId, topicId]);
  await api.sql(`insert into materials (id, topic_id, kind) values ($1, $2, 'pdf')`, [materialId, topicId]);
  await api.sql(`update curriculum_version set version = version + 1`);
}

/** A new event id of an hour ago. */
export const newId = (): string => eventIdAt(Date.now() - 3_600_000, Math.floor(Math.random() * 2 ** 40));

/** A flat answer, right unless changed. */
export const attempt = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  eventId: newId(),
  sessionId,
  questionId,
  selectedAnswer: 'A',
  timeToAnswerSeconds: 12.5,
  ...change,
});

/** A wire item. */
export const item = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  eventType: 'question_attempt',
  eventId: newId(),
  sessionId,
  questionId,
  properties: { selectedAnswer: 'A', timeToAnswerSeconds: 12.5 },
  ...change,
});

/** A learner nobody has met. */
export const newLearner = (): string => randomUUID();

/** All facts that are stored. */
export async function countFacts(api: TestApi): Promise<number> {
  const [row] = await api.sql<{ facts: number }>(
    `select ((select count(*) from study_events) + (select count(*) from question_attempts))::int as facts`,
  );
  return row?.facts ?? 0;
}
