// The domain on a database of its own: an App with fixed keys, a topic to practise, and wire events from a counter.
import { connect } from '@studyin/domain/database';
import { eventIdFor } from '@studyin/domain/events';
import { createJobs } from '@studyin/domain/jobs';
import { createApp } from '@studyin/domain/services';
import type { App, Log } from '@studyin/domain/services';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

export const testKeys = {
  session: 'session-key-of-the-tests-0000000001',
  subject: 'subject-key-of-the-tests-0000000001',
} as const;

const silent = (): void => undefined;
export const silentLog: Log = { info: silent, warn: silent, error: silent };

export type TestDomain = {
  readonly app: App;
  readonly database: TestDatabase;
  /** Errors that came outside any call. */
  readonly strayErrors: readonly Error[];
  close(): Promise<void>;
};

export type TestDomainOptions = {
  /** Fixes the clock that decides skew and window; the database's own where absent. */
  readonly fixedAt?: Date;
  readonly role?: string;
};

/** Opens an App on a migrated database of its own, as the runtime role. Close it, which also drops the database. */
export async function openTestDomain({
  fixedAt,
  role = 'studyin_runtime',
}: TestDomainOptions = {}): Promise<TestDomain> {
  const database = await createTestDatabase();
  const strayErrors: Error[] = [];
  const connection = connect({ url: database.url, role, applicationName: 'studyin-test' });
  const jobs = createJobs({
    url: database.url,
    role,
    applicationName: 'studyin-test-jobs',
    mode: 'send',
    onError: (error) => strayErrors.push(error),
  });
  await jobs.start();
  const app = createApp({
    database: connection,
    jobs,
    keys: testKeys,
    log: silentLog,
    clock: { fixedAt: fixedAt ?? null },
  });
  const close = async (): Promise<void> => {
    await jobs.stop(1_000);
    await connection.close();
    await database.drop();
  };
  return { app, database, strayErrors, close };
}

/** The n-th deterministic UUID of a kind: `idOf('topic', 1)`. */
export function idOf(kind: string, n: number): string {
  // FNV-1a
  const hash = Buffer.from(kind).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  return `${hash.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** An event id whose time is `at`; `n` keeps two events of one millisecond apart. */
export function eventIdAt(at: string | number, n = 0): string {
  return eventIdFor(typeof at === 'string' ? Date.parse(at) : at, `test-${String(n)}`);
}
