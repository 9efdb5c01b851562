// A learner with two months of habits, and 23 others to be compared with: what the answers in docs/analytics.md are about.
import { addDays } from '@studyin/domain/algorithms';
import { statement } from '@studyin/domain/database';
import { eventIdFor } from '@studyin/domain/events';
import { importCurriculum, loadHistory, runNights, updateLearner } from '@studyin/domain/services';
import type { CurriculumInput, RecordItem } from '@studyin/domain/services';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

/** The learner's study day in the examples, a Tuesday; the peers' distribution is of the night before. */
export const today = '2026-03-17';
export const exampleUser = idOf('example learner', 0);
const [cell, pump, flow, vessels, failure] = [1, 2, 3, 4, 5].map((n) => idOf('topic', n)) as [
  string,
  string,
  string,
  string,
  string,
]; // as: five of five
const materials = [idOf('material', 1), idOf('material', 2)] as const;
const LEARNERS = 24;

const requires = (targetTopicId: string, sourceTopicId: string) => ({
  sourceTopicId,
  targetTopicId,
  relationshipType: 'prerequisite' as const,
});
const curriculum: CurriculumInput = {
  topics: [
    { id: cell, level: 3, slug: 'cell-physiology', name: 'Cell physiology', boardExamWeight: 6 },
    { id: pump, level: 3, slug: 'heart-as-a-pump', name: 'The heart as a pump', boardExamWeight: 7 },
    { id: flow, level: 3, slug: 'pressure-and-flow', name: 'Pressure and flow', boardExamWeight: 2 },
    { id: vessels, level: 3, slug: 'vessels', name: 'Vessels', boardExamWeight: 3 },
    { id: failure, level: 3, slug: 'heart-failure', name: 'Heart failure', boardExamWeight: 9 },
  ],
  relationships: [requires(pump, cell), requires(failure, pump), requires(failure, vessels), requires(vessels, flow)],
  questions: [cell, pump, flow, vessels, failure].flatMap((topicId, t) =>
    Array.from({ length: 14 }, (_, n) => ({
      id: idOf(`question ${t}`, n),
      topicId,
      correctAnswer: 'A',
      options: ['A', 'B'],
    })),
  ),
  materials: [
    { id: materials[0], topicId: cell, kind: 'pdf', chunkCount: 0 },
    { id: materials[1], topicId: pump, kind: 'video', chunkCount: 0 },
  ],
};

type Act = { readonly minute: number; readonly eventType: string; readonly content?: object };

/** Opens a database with all of them, up to the night that ended yesterday. Close it. */
export async function openExamples(): Promise<TestDomain> {
  const domain = await openTestDomain({ fixedAt: new Date(`${today}T12:00:00Z`) });
  await domain.app.database.reader.query(statement('test.months', 'select ensure_partitions($1)'), [
    `${today}T12:00:00Z`,
  ]);
  await importCurriculum(domain.app, curriculum);
  const learners = Array.from({ length: LEARNERS }, (_, n) => n);
  await loadHistory(domain.app, learners.flatMap(historyOf));
  for (const n of learners) await updateLearner(domain.app, { userId: idOf('example learner', n) });
  await runNights(domain.app);
  return domain;
}

/** Every sixth day in the morning, and the day after in the evening; the greater n, the less its learner knows and studies. */
function historyOf(n: number): readonly RecordItem[] {
  const userId = idOf('example learner', n);
  const sessions = Array.from({ length: 20 }, (_, k) => k).slice(n === 0 ? 0 : 10 + (n % 5));
  return sessions.flatMap((k) => {
    const isMorning = k % 2 === 0;
    const day = addDays('2026-01-20', Math.floor(k / 2) * 6 + (isMorning ? 0 : 1));
    const startMs = Date.parse(`${day}T${isMorning ? '08:10' : '20:30'}:00Z`) - 3_600_000; // Berlin, in winter
    return sessionOf(n, { k, isMorning }).map(({ minute, eventType, content = {} }, e) => ({
      userId,
      input: {
        eventType,
        eventId: eventIdFor(startMs + minute * 60_000, `example ${n} ${k} ${e}`),
        sessionId: idOf('example session', k),
        timezone: 'Europe/Berlin',
        ...content,
      },
      origin: { clientIp: null, deviceType: 'web' },
    }));
  });
}

function sessionOf(n: number, { k, isMorning }: { readonly k: number; readonly isMorning: boolean }): readonly Act[] {
  const topic = k < 14 ? 0 : 1;
  const length = isMorning ? 12 : 8 + (k % 5);
  const materialId = materials[topic];
  const answers = Array.from({ length }, (_, a): Act => {
    // A break after the fifth answer; more right in the morning than in the evening, and more early than late.
    const minute = 8 + a * 4 + (a < 5 ? 0 : 9);
    const luck = (a * 7 + k * 3 + n * 5) % 20;
    const isCorrect = luck < (isMorning ? 17 : 11) - (minute >= 45 ? 3 : 0) - Math.floor(n / 3);
    const properties = { selectedAnswer: isCorrect ? 'A' : 'B', timeToAnswerSeconds: 20 + ((a * 13 + k) % 40) };
    return {
      minute,
      eventType: 'question_attempt',
      content: { questionId: idOf(`question ${topic}`, (k * 5 + a) % 14), properties },
    };
  });
  return [
    { minute: 0, eventType: 'session_start' },
    { minute: 1, eventType: 'material_open', content: { materialId } },
    {
      minute: 4,
      eventType: 'material_read',
      content: { materialId, properties: { durationSeconds: 150, scrollDepthPercent: Math.min(100, 20 * (k % 14)) } },
    },
    ...answers,
    { minute: 17 + length * 4, eventType: 'session_end' },
  ];
}
