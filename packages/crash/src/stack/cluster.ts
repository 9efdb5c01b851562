// Two APIs and two workers as they are delivered, each with a login of its own, so that the database can say whose session is whose.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@studyin/devkit/embedded-database';
import { role } from '@studyin/devkit/prepared-database';
import { startApi, startWorker } from '@studyin/devkit/processes/start-services';
import type { ServiceKeys } from '@studyin/devkit/processes/start-services';
import { startMember } from './member.ts';
import type { Member } from './member.ts';

export const logins = ['crash_api_1', 'crash_api_2', 'crash_worker_1', 'crash_worker_2'] as const;
const PASSWORD = 'crash';

export type Cluster = {
  readonly apis: readonly Member[];
  readonly workers: readonly Member[];
  /** Where the APIs listen, in their order; the same after a restart. */
  readonly apiUrls: readonly string[];
  /** Processes that ended when nobody had asked them to. */
  readonly unasked: readonly string[];
  /** What they wrote beside their logs; a log is JSON lines on standard output. */
  strayLines(): readonly string[];
  stop(): Promise<void>;
};

export type ClusterOptions = {
  readonly root: string;
  /** Keeps what the processes write to standard error. */
  readonly folder: string;
  /** The owner's. */
  readonly databaseUrl: string;
  readonly keys: ServiceKeys;
};

/** What the owner runs before the start. */
export const createLogins = logins.map((login) => `create role ${login} login password '${PASSWORD}' in role ${role}`);

/** Starts all four. Throws after it has stopped those that did start. */
export async function startCluster({ root, folder, databaseUrl, keys }: ClusterOptions): Promise<Cluster> {
  const unasked: string[] = [];
  const ports = [await freePort(), await freePort()];
  const startOne = (kind: 'api' | 'worker', index: number): Promise<Member> => {
    const name = `${kind}-${index + 1}`;
    const login = `crash_${kind}_${index + 1}`;
    const options = {
      root,
      role,
      keys,
      name,
      databaseUrl: urlAs(databaseUrl, login),
      errorFile: join(folder, `${name}.err`),
    };
    const start = () =>
      kind === 'api'
        ? startApi({ ...options, env: { STUDYIN_PORT: String(ports[index] ?? 0) } })
        : startWorker(options);
    return startMember({ name, login, start, onUnasked: (line) => unasked.push(line) });
  };
  const started = await allOrNone([
    startOne('api', 0),
    startOne('api', 1),
    startOne('worker', 0),
    startOne('worker', 1),
  ]);
  return {
    apis: started.slice(0, 2),
    workers: started.slice(2),
    apiUrls: ports.map((port) => `http://127.0.0.1:${port}`),
    unasked,
    strayLines: () =>
      started.flatMap(({ name }) => linesOf(join(folder, `${name}.err`)).map((line) => `${name}: ${line}`)),
    stop: async () => {
      await Promise.all(started.map((member) => member.stop()));
    },
  };
}

function urlAs(url: string, login: string): string {
  const other = new URL(url);
  other.username = login;
  other.password = PASSWORD;
  return other.href;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

async function allOrNone(starting: readonly Promise<Member>[]): Promise<readonly Member[]> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.stop()] : [])));
    throw failed.reason;
  }
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
