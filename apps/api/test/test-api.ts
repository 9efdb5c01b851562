// A running API on a database of its own, spoken to over real HTTP.
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import superjson from 'superjson';
import { createTestDatabase } from '@studyin/testkit/test-database';
import type { TestDatabase } from '@studyin/testkit/test-database';
import { testKeys } from '@studyin/testkit/test-domain';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { envToConfig } from '../src/config.ts';
import type { Env } from '@studyin/settings/read-settings';
import type { Log } from '@studyin/telemetry/log';
import { startApi } from '../src/start-api.ts';
import type { Role } from '../src/tokens.ts';
import { requireCleanErrors } from './error-bodies.ts';

export const tokenSecret = 'token-secret-of-the-tests-000000001';

export const testEnv = (databaseUrl: string): Env => ({
  DATABASE_URL: databaseUrl,
  STUDYIN_PORT: '0',
  STUDYIN_TOKEN_SECRET: tokenSecret,
  STUDYIN_SESSION_KEY: testKeys.session,
  STUDYIN_SUBJECT_KEY: testKeys.subject,
  STUDYIN_POOL_SIZE: '4',
});

export type ErrorBody = {
  readonly message: string;
  readonly code: number;
  readonly data: {
    readonly code: string;
    readonly httpStatus: number;
    readonly requestId: string | null;
    readonly reason?: string;
    readonly path?: string;
    readonly issues?: readonly { readonly path: string; readonly code: string }[];
  };
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text, as it came. */
  readonly text: string;
  /** What a procedure answered; undefined for an error. */
  readonly data: unknown;
  readonly error: ErrorBody | undefined;
};

export type CallOptions = { readonly token?: string | undefined; readonly headers?: Readonly<Record<string, string>> };

export type TestApi = {
  readonly url: string;
  readonly database: TestDatabase;
  /** Fields of every line the API has logged. */
  readonly logged: readonly unknown[];
  query(path: string, input: unknown, options?: CallOptions): Promise<Answer>;
  mutate(path: string, input: unknown, options?: CallOptions): Promise<Answer>;
  /** Any request; the answer is read as tRPC's envelope where it is one. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  /** Rows of a statement, as owner. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  stop(): Promise<void>;
};

/** Another API server on the same database. */
export type SecondApi = Pick<TestApi, 'query' | 'mutate' | 'stop'>;

/** A token as the API takes it; `claims` replaces or, where undefined, removes. */
export async function tokenFor(userId: string, role: Role, claims: JWTPayload = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'studyin',
    aud: 'studyin-analytics',
    sub: userId,
    role,
    iat: now,
    exp: now + 900,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(tokenSecret));
}

/** Starts an API with the settings of the tests, changed by `env`. Stop it, which also drops its database. */
export async function startTestApi(env: Env = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const owner = connect({ url: database.url, poolSize: 1, applicationName: 'studyin-test' });
  const logged: unknown[] = [];
  try {
    const api = await startApi(envToConfig({ ...testEnv(database.url), ...env }), { log: logInto(logged) });
    return {
      url: api.url,
      database,
      logged,
      ...callsTo(api.url),
      sql: (text, values) => rowsOf(owner, text, values),
      stop: async () => {
        await api.stop({ noticeMs: 0 });
        await owner.close();
        await database.drop();
      },
    };
  } catch (error) {
    await owner.close();
    await database.drop();
    throw error;
  }
}

/** Starts another server on the API's database, with a cache and pools of its own, as a second process has. Stop it first. */
export async function startSecondApi({ database }: TestApi): Promise<SecondApi> {
  const api = await startApi(envToConfig(testEnv(database.url)), { log: logInto([]) });
  return { ...callsTo(api.url), stop: () => api.stop({ noticeMs: 0 }) };
}

function callsTo(url: string): Pick<TestApi, 'send' | 'query' | 'mutate'> {
  const send = (path: string, init?: RequestInit): Promise<Answer> => request(`${url}${path}`, init);
  return {
    send,
    query: (path, input, options) =>
      send(`/trpc/${path}?input=${encodeURIComponent(encode(input))}`, { headers: headersOf(options) }),
    mutate: (path, input, options) =>
      send(`/trpc/${path}`, { method: 'POST', headers: headersOf(options), body: encode(input) }),
  };
}

function logInto(lines: unknown[]): Log {
  const add = (fields: unknown): void => void lines.push(fields);
  return { debug: add, info: add, warn: add, error: add };
}

function headersOf({ token, headers = {} }: CallOptions = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  };
}

export function encode(input: unknown): string {
  return JSON.stringify(superjson.serialize(input));
}

async function request(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  requireCleanErrors({ url, init }, { status: response.status, headers: response.headers, text });
  const { result, error } = envelopeOf(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: result === undefined ? undefined : superjson.deserialize(result.data),
    error: error === undefined ? undefined : superjson.deserialize(error),
  };
}

type Serialized = Parameters<typeof superjson.deserialize>[0];
type Envelope = { readonly result?: { readonly data: Serialized }; readonly error?: Serialized };

function envelopeOf(text: string): Envelope {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
  } catch {
    return {};
  }
}

// Statements are prepared under their name, so each text of a test gets one of its own.
function rowsOf<Row extends object>(
  database: Database,
  text: string,
  values?: readonly unknown[],
): Promise<readonly Row[]> {
  return database.reader.query<Row>(statement(`test.${randomUUID()}`, text), values);
}
