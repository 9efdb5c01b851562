import { join } from 'node:path';
import { keys, role } from './bench-database.ts';
import { startProcess } from './start-process.ts';
import type { StartedProcess } from './start-process.ts';

type ServiceOptions = { readonly root: string; readonly databaseUrl: string };

const common = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  STUDYIN_ROLE: role,
  STUDYIN_SESSION_KEY: keys.session,
  STUDYIN_SUBJECT_KEY: keys.subject,
});

/** The API as it is delivered, on a free port of this machine. Its call limit counts, and is never reached. */
export function startApi({ root, databaseUrl }: ServiceOptions): Promise<StartedProcess> {
  return startProcess({
    name: 'API',
    script: join(root, 'apps/api/src/main.ts'),
    env: {
      ...common(databaseUrl),
      STUDYIN_HOST: '127.0.0.1',
      STUDYIN_PORT: '0',
      STUDYIN_TOKEN_SECRET: keys.token,
      STUDYIN_RATE_LIMIT_PER_MINUTE: '10000000',
    },
    readyEvent: 'api.listening',
  });
}

/** The worker as it is delivered. */
export function startWorker({ root, databaseUrl }: ServiceOptions): Promise<StartedProcess> {
  return startProcess({
    name: 'worker',
    script: join(root, 'apps/worker/src/main.ts'),
    env: common(databaseUrl),
    readyEvent: 'worker.started',
  });
}
