// Answers of a few learners, a worker in this process or in one of its own, and what both must end in.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import { recordEvents } from '@studyin/domain/services';
import { eventIdAt, idOf, silentLog, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { envToConfig } from '../src/config.ts';
import type { Env } from '@studyin/settings/read-settings';
import { startWorker } from '../src/start-worker.ts';
import type { RunningWorker } from '../src/start-worker.ts';

const DAY_MS = 86_400_000;
const topic = idOf('topic', 1);
const start = Date.now() - 20 * DAY_MS;

export const workerEnv = (url: string): Env => ({
  DATABASE_URL: url,
  STUDYIN_SESSION_KEY: testKeys.session,
  STUDYIN_SUBJECT_KEY: testKeys.subject,
  STUDYIN_WORKER_POOL_SIZE: '4',
});

export function startTestWorker(domain: TestDomain, settings: Env = {}): Promise<RunningWorker> {
  return startWorker(envToConfig({ ...workerEnv(domain.database.url), ...settings }), {
    log: { ...silentLog, debug: () => undefined },
  });
}

/** A worker as a process of its own, once it says that it has started. Throws what it says instead where it ends before. */
export async function spawnWorker({
  database,
}: {
  readonly database: { readonly url: string };
}): Promise<ChildProcess> {
  const main = resolve(import.meta.dirname, '../src/main.ts');
  const worker = spawn(process.execPath, ['--conditions=@studyin/source', main], {
    env: { ...process.env, ...workerEnv(database.url) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  worker.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    process.stderr.write(text);
  });
  const ended = once(worker, 'close').then(() => {
    throw new Error(`the worker ended with ${String(worker.exitCode ?? worker.signalCode)}: ${errors}`);
  });
  await Promise.race([once(worker.stdout, 'data'), ended]);
  worker.stdout.resume();
  return worker;
}

export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
  return child.exitCode;
}

/** A port that something else listens on, until it is freed. */
export async function takePort(): Promise<{ readonly port: number; readonly free: () => Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a string: it listens on TCP
  return { port, free: () => new Promise((done) => server.close(done)) };
}

export async function sql<Row extends object>(
  { app }: TestDomain,
  text: string,
  bind: unknown[] = [],
): Promise<readonly Row[]> {
  const [rows] = await app.database.sequelize.query(text, { bind });
  return rows as Row[]; // as: the test states what it selects
}

export async function addTopic(domain: TestDomain): Promise<void> {
  await sql(
    domain,
    `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
    [topic],
  );
  await sql(domain, `update curriculum_version set version = 1`);
}

/** The n-th answer of a learner; some are right, some days have several, some questions come again. */
export function answer(user: number, n: number): { readonly userId: string; readonly input: unknown } {
  return {
    userId: idOf('user', user),
    input: {
      eventType: 'question_attempt',
      eventId: eventIdAt(start + n * 1_800_000 + user, n),
      sessionId: idOf('session', Math.floor(n / 10)),
      questionId: idOf('question', n % 23),
      topicId: topic,
      properties: {
        selectedAnswer: (n * 7 + user) % 3 === 0 ? 'B' : 'A',
        correctAnswer: 'A',
        timeToAnswerSeconds: n % 40,
      },
    },
  };
}

/** Records answers, one transaction for each; throws unless all are accepted. */
export async function recordOneByOne(domain: TestDomain, answers: readonly ReturnType<typeof answer>[]): Promise<void> {
  for (const item of answers) {
    const { results } = await recordEvents(domain.app, [{ ...item, origin: { clientIp: null, deviceType: null } }]);
    if (results[0]?.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(results)}`);
  }
}

/** Waits until no update of a learner is waiting or running. */
export async function untilIdle({ app }: TestDomain, timeoutMs = 15_000): Promise<void> {
  await waitFor(
    async () => {
      const { waiting, active } = await findBacklog(app.database.reader, updateLearnerJob);
      return waiting + active === 0;
    },
    { what: 'an idle worker', timeoutMs },
  );
}

/** Learners whose derived rows do not count every answer that was recorded. */
export function listStale(domain: TestDomain): Promise<readonly object[]> {
  return sql(
    domain,
    `select l.user_id, l.answers, a.attempts, p.answers as folded, q.attempts as in_questions, m.attempts as in_topics
    from learners l
    left join (select user_id, count(*) as attempts from question_attempts group by 1) a using (user_id)
    left join learner_progress p using (user_id)
    left join (select user_id, sum(attempts) as attempts from question_progress group by 1) q using (user_id)
    left join (select user_id, sum(questions_attempted) as attempts from topic_mastery group by 1) m using (user_id)
    where (l.answers, l.answers, l.answers, l.answers) is distinct from (a.attempts, p.answers, q.attempts, m.attempts)`,
  );
}

const derivedTables = [
  'topic_mastery',
  'question_progress',
  'daily_user_stats',
  'weekly_user_stats',
  'topic_daily_stats',
  'user_learning_metrics',
  'learner_progress',
  'study_sessions',
] as const;

/** Every derived row as text, without the time it was calculated at. */
export async function listDerived(domain: TestDomain): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = derivedTables.map(async (table) => {
    const rows = await sql<{ row: string }>(
      domain,
      `select (to_jsonb(t) - 'calculated_at')::text as row from ${table} t order by 1`,
    );
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}
