// API and worker as two processes of their own, each started again when it dies.
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { freePort } from '@studyin/devkit/embedded-database';
import { apiNodeArgs } from '@studyin/devkit/processes/api-node-args';
import { workerNodeArgs } from '@studyin/devkit/processes/worker-node-args';
import { DomainError } from '@studyin/domain/errors';
import { workspaceRoot } from '../config.ts';
import type { Config } from '../config.ts';
import type { Env } from '@studyin/settings/read-settings';
import type { Secrets } from '../secrets.ts';
import { superviseProcess } from './supervise.ts';
import type { SupervisedProcess } from './supervise.ts';

export type ServicesOptions = {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  /** What the database has; the login's own rights where it has none. */
  readonly role: string | undefined;
  readonly onRestart: (line: string) => void;
};

export type Services = { readonly apiUrl: string; readonly logFolder: string; stop(): Promise<void> };

const HOST = '127.0.0.1';
const readyEvents = { api: 'api.listening', worker: 'worker.started' } as const;
const nodeArgs = { api: apiNodeArgs, worker: workerNodeArgs } as const;
const louder = ['debug', 'trace'];

/** Starts both. Throws `misconfigured` where the port that was asked for is taken. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { config, onRestart } = options;
  const logFolder = join(config.home, 'logs');
  const common = commonEnv(options);
  const startOne = (app: keyof typeof readyEvents, env: Env): Promise<SupervisedProcess> =>
    superviseProcess({
      name: app,
      args: [...nodeArgs[app], ...scriptOf(app)],
      env: { ...common, ...env },
      logFile: join(logFolder, `${app}.log`),
      readyEvent: readyEvents[app],
      onRestart,
    });
  const startApi = async (port: number): Promise<SupervisedProcess & { readonly port: number }> => {
    const api = await startOne('api', { STUDYIN_HOST: HOST, STUDYIN_PORT: String(port) });
    return { ...api, port };
  };
  const startApiSomewhere = async (): Promise<SupervisedProcess & { readonly port: number }> => {
    const port = await choosePort(config.api);
    try {
      return await startApi(port);
    } catch (error) {
      // Somebody else took the port between the look and the start, perhaps only to look whether it is free.
      if (!config.api.isPortDefault || !(error instanceof Error && error.message.includes('is in use'))) throw error;
      return startApi(await freePort());
    }
  };
  const [api, worker] = await bothOrNone(startApiSomewhere(), startOne('worker', { STUDYIN_WORKER_PORT: '0' }));
  return {
    apiUrl: `http://${HOST}:${api.port}`,
    logFolder,
    stop: async () => {
      await Promise.all([api.stop(), worker.stop()]);
    },
  };
}

function commonEnv({ config, secrets, databaseUrl, role }: ServicesOptions): Env {
  // The tokens here are signed with the shared secret; the API refuses to know an identity provider beside it.
  const { STUDYIN_JWKS_URL: _provider, ...env } = config.env;
  return {
    ...env,
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? getCompileCacheDir(),
    DATABASE_URL: databaseUrl,
    STUDYIN_ROLE: role ?? '',
    STUDYIN_TOKEN_SECRET: secrets.tokenSecret,
    STUDYIN_SESSION_KEY: secrets.sessionKey,
    STUDYIN_SUBJECT_KEY: secrets.subjectKey,
    // Their start is known by a line of this level.
    LOG_LEVEL: louder.find((level) => level === env['LOG_LEVEL']) ?? 'info',
  };
}

async function choosePort({ port, isPortDefault }: Config['api']): Promise<number> {
  const free = await freePort(port);
  if (free === port || isPortDefault) return free;
  throw new DomainError('misconfigured', `Port ${port} is in use; set STUDYIN_PORT to another one.`);
}

/** The sources run as they are; a built command line starts the built processes. */
function scriptOf(app: 'api' | 'worker'): readonly string[] {
  const isSource = import.meta.filename.endsWith('.ts');
  return isSource
    ? ['--conditions=@studyin/source', join(workspaceRoot, 'apps', app, 'src/main.ts')]
    : [join(workspaceRoot, 'apps', app, 'dist/main.js')];
}

/** Both, or the error of the one that failed after the other was stopped. */
async function bothOrNone<A extends SupervisedProcess, B extends SupervisedProcess>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const outcomes = await Promise.allSettled([first, second]);
  const [one, other] = outcomes;
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.stop();
  return Promise.all([first, second]);
}
