// Items that are rejected as long as their topic is not in the curriculum, and that curriculum.
import type { App, RecordItem } from '@studyin/domain/services';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';

export const NOW = new Date(Date.now() - 3_600_000);
export const base = NOW.getTime() - 86_400_000;
export const user = idOf('user', 1);
export const topic = idOf('topic', 1);
export const material = idOf('material', 1);
export const session = idOf('session', 1);
const origin = { clientIp: '10.0.0.0', deviceType: 'web' };

export const answer = (n: number, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventType: 'question_attempt',
  eventId: eventIdAt(base + n * 60_000, n),
  sessionId: session,
  timezone: 'Europe/Berlin',
  questionId: idOf('question', n),
  topicId: topic,
  properties: { selectedAnswer: 'A', correctAnswer: 'A', timeToAnswerSeconds: 12.5 },
  ...over,
});
export const item = (input: unknown, userId = user): RecordItem => ({ userId, input, origin });

export async function sqlOf<Row extends object>(app: App, text: string, values: unknown[] = []): Promise<Row[]> {
  const [rows] = await app.database.sequelize.query(text, { bind: values });
  return rows as Row[]; // as: the test states what it selects
}

export async function addTopic(app: App): Promise<void> {
  await sqlOf(
    app,
    `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
    [topic],
  );
  await sqlOf(app, `insert into materials (id, topic_id, kind) values ($1, $2, 'pdf')`, [material, topic]);
  await sqlOf(app, `update curriculum_version set version = version + 1`);
}

export function rejectedRows(
  app: App,
): Promise<{ readonly reason: string; readonly path: string | null; readonly item: object | null }[]> {
  return sqlOf(
    app,
    'select user_id, event_id, event_type, reason, path, item from rejected_events order by received_at, reason, event_id',
  );
}
