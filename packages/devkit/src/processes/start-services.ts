import { join } from 'node:path';
import { apiNodeArgs } from './api-node-args.ts';
import type { Env } from './child-env.ts';
import { startProcess } from './start-process.ts';
import type { ProcessOptions, StartedProcess } from './start-process.ts';
import { workerNodeArgs } from './worker-node-args.ts';

export type ServiceKeys = { readonly session: string; readonly subject: string; readonly token: string };

export type ServiceOptions = {
  /** The checkout. */
  readonly root: string;
  readonly databaseUrl: string;
  readonly role: string;
  readonly keys: ServiceKeys;
  /** Further settings. */
  readonly env?: Env;
  /** Modules that the process loads before its own, as paths. */
  readonly imports?: readonly string[];
} & Partial<Pick<ProcessOptions, 'name' | 'errorFile'>>;

const common = ({ databaseUrl, role, keys }: ServiceOptions): Env => ({
  DATABASE_URL: databaseUrl,
  STUDYIN_ROLE: role,
  STUDYIN_SESSION_KEY: keys.session,
  STUDYIN_SUBJECT_KEY: keys.subject,
});

/** The API as it is delivered, on a free port of this machine unless `env` says another. Its call limit counts, and is never reached. */
export function startApi(options: ServiceOptions): Promise<StartedProcess> {
  return startProcess({
    name: 'API',
    script: join(options.root, 'apps/api/src/main.ts'),
    nodeArgs: [...apiNodeArgs, ...(options.imports ?? []).flatMap((path) => ['--import', path])],
    ...named(options),
    env: {
      ...common(options),
      STUDYIN_HOST: '127.0.0.1',
      STUDYIN_PORT: '0',
      STUDYIN_TOKEN_SECRET: options.keys.token,
      STUDYIN_RATE_LIMIT_PER_MINUTE: '10000000',
      ...options.env,
    },
    readyEvent: 'api.listening',
  });
}

/** The worker as it is delivered. */
export function startWorker(options: ServiceOptions): Promise<StartedProcess> {
  return startProcess({
    name: 'worker',
    script: join(options.root, 'apps/worker/src/main.ts'),
    nodeArgs: workerNodeArgs,
    ...named(options),
    env: { ...common(options), ...options.env },
    readyEvent: 'worker.started',
  });
}

function named({ name, errorFile }: ServiceOptions): Partial<Pick<ProcessOptions, 'name' | 'errorFile'>> {
  return { ...(name === undefined ? {} : { name }), ...(errorFile === undefined ? {} : { errorFile }) };
}
