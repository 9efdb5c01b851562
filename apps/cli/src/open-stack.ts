// All that `up` and `replay` stand on: database, schema, API and worker; opened in stages, closed the other way round.
import { chooseRole } from './choose-role.ts';
import type { Config } from './config.ts';
import { migrateDatabase } from './migrate-database.ts';
import { openDatabase } from './open-database.ts';
import type { OpenDatabase } from './open-database.ts';
import type { Output } from './output.ts';
import { startServices } from './processes/start-services.ts';
import { loadSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';

export type Stack = {
  readonly secrets: Secrets;
  readonly database: OpenDatabase;
  /** What processes may become; undefined where the database has no roles. */
  readonly role: string | undefined;
  readonly apiUrl: string;
  readonly logFolder: string | null;
};

export type StackHooks = {
  /** After the schema is there, before anything runs on it. */
  readonly prepare?: (stack: Omit<Stack, 'apiUrl' | 'logFolder'>) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Opens the stack for the time of `use`. An API named by STUDYIN_API_URL is used as it is, with the worker that runs beside it. */
export async function withStack<T>(
  { config, output }: { readonly config: Config; readonly output: Output },
  { prepare, signal }: StackHooks,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  const secrets = loadSecrets(config);
  const opening = output.stage('database');
  const database = await openDatabase(config);
  try {
    opening.done(database.description);
    if (config.apiUrl !== null) {
      const role = await chooseRole(database.url, config.role);
      return await use({ secrets, database, role, apiUrl: config.apiUrl, logFolder: null });
    }
    const role = await migrateStage(database.url, { config, output });
    signal.throwIfAborted();
    await prepare?.({ secrets, database, role });
    signal.throwIfAborted();
    return await withServices({ config, output }, { secrets, database, role }, use);
  } finally {
    await database.close();
  }
}

async function migrateStage(
  url: string,
  { config, output }: { readonly config: Config; readonly output: Output },
): Promise<string | undefined> {
  const stage = output.stage('schema and queues');
  const notes: string[] = [];
  const { applied, roles } = await migrateDatabase(url, (line) => void notes.push(line));
  stage.done(applied.length === 0 ? 'up to date' : `${applied.length} migrations`);
  for (const note of notes.filter((line) => line.startsWith('roles:'))) output.line(`    ${note}`);
  return roles ? config.role : undefined;
}

async function withServices<T>(
  { config, output }: { readonly config: Config; readonly output: Output },
  opened: Omit<Stack, 'apiUrl' | 'logFolder'>,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  const stage = output.stage('API and worker');
  const services = await startServices({
    config,
    secrets: opened.secrets,
    databaseUrl: opened.database.url,
    role: opened.role,
    onRestart: (line) => output.line(`  ! ${line}`),
  });
  try {
    stage.done(services.apiUrl);
    return await use({ ...opened, apiUrl: services.apiUrl, logFolder: services.logFolder });
  } finally {
    await services.stop();
  }
}
