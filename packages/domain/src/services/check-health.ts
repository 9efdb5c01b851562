// What `studyin doctor` says: one line for each thing that must be right, and what to do where it is not.
import type { App } from '../app.ts';
import { sqlStateOf } from '../database/index.ts';
import type { Reader } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { jobContracts, updateLearnerJob } from '../jobs/index.ts';
import {
  countUnfinishedErasures,
  findDeadLetters,
  findLag,
  findQueues,
  getServerFacts,
  listMissingMonths,
  listRoles,
} from '../stores/health-store.ts';
import type { ServerFacts } from '../stores/health-store.ts';
import { findMissingMigrations } from './find-missing-migrations.ts';

export type HealthCheck = {
  readonly name:
    | 'node'
    | 'database'
    | 'roles'
    | 'role'
    | 'migrations'
    | 'queues'
    | 'lag'
    | 'dead_letters'
    | 'partitions'
    | 'erasures'
    | 'timeouts';
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; null where nothing is to be done. */
  readonly fix: string | null;
};

export type HealthOptions = {
  /** As `process.version` says it. */
  readonly nodeVersion: string;
  /** A queued job older than this is lag. Default 300. */
  readonly maxLagSeconds?: number;
};

const OLDEST_NODE = [22, 18] as const;
const OLDEST_SERVER = 150_000;
const ROLES = ['studyin_runtime', 'studyin_eraser'];
const FACTS = ['study_events', 'question_attempts'];
const MIGRATE = 'Run `studyin migrate` as the owner of the database.';

/**
 * Looks at everything the processes need, without changing anything. A database that does not answer, or refuses, is a check
 * that is not ok; the checks that need it are then left out.
 */
export async function checkHealth(
  app: Pick<App, 'database'>,
  { nodeVersion, maxLagSeconds = 300 }: HealthOptions,
): Promise<readonly HealthCheck[]> {
  const node = checkNode(nodeVersion);
  const { reader } = app.database;
  try {
    const server = await getServerFacts(reader);
    return [
      node,
      checkServer(server),
      await checkRoles(reader, server),
      checkRole(server),
      await checkMigrations(app),
      await checkQueues(reader),
      await checkLag(reader, maxLagSeconds),
      await checkDeadLetters(reader),
      await checkPartitions(reader),
      await checkErasures(reader),
      checkTimeouts(server),
    ];
  } catch (error) {
    return [node, checkRefusal(error)];
  }
}

/** Why the database could not be asked. Rethrows what is a fault of our own. */
function checkRefusal(error: unknown): HealthCheck {
  const refused = (detail: string, fix: string): HealthCheck => verdict('database', false, { detail, fix });
  const isUnavailable = error instanceof DomainError && error.code === 'unavailable';
  switch (sqlStateOf(isUnavailable ? error.cause : error)) {
    case '22023': // the role that the connection asks for does not exist
    case '42501':
      return refused('The login cannot act as the role it asks for, or the role lacks its rights.', MIGRATE);
    case '28P01':
    case '28000':
      return refused('The database refuses this login.', 'Correct the user and the password in DATABASE_URL.');
    case '3D000':
      return refused('There is no database of this name.', 'Create it, then run `studyin migrate` as its owner.');
    default:
      if (!isUnavailable) throw error;
      return refused('The database does not answer.', 'Start it, or correct DATABASE_URL.');
  }
}

function checkNode(version: string): HealthCheck {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const ok = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const fix = `Use Node ${oldestMajor}.${oldestMinor} or newer; \`npm start\` brings its own.`;
  return verdict('node', ok, { detail: version, fix });
}

function checkServer({ version, versionNumber }: ServerFacts): HealthCheck {
  const fix = 'Use PostgreSQL 15 or newer.';
  return verdict('database', versionNumber >= OLDEST_SERVER, { detail: `PostgreSQL ${version}`, fix });
}

async function checkRoles(reader: Reader, { login }: ServerFacts): Promise<HealthCheck> {
  const lacking = (await listRoles(reader, ROLES)).flatMap(({ name, exists, isMember }) => {
    if (!exists) return [`${name} is missing`];
    return isMember ? [] : [`${name} is not granted to ${login}`];
  });
  const detail = lacking.length === 0 ? `${ROLES.join(' and ')} are granted to ${login}` : lacking.join('; ');
  const fix = `${MIGRATE} A login that may not make roles needs an administrator: see docs/operations.md.`;
  return verdict('roles', lacking.length === 0, { detail, fix });
}

function checkRole({ login, role }: ServerFacts): HealthCheck {
  const ok = role === 'studyin_runtime';
  const detail = ok ? `connected as ${login}, acting as ${role}` : `acting as ${role}, with that login's own rights`;
  return verdict('role', ok, { detail, fix: 'Let processes connect with the role studyin_runtime.' });
}

async function checkMigrations(app: Pick<App, 'database'>): Promise<HealthCheck> {
  const missing = await findMissingMigrations(app);
  const detail = missing.length === 0 ? 'all applied' : `not applied: ${missing.join(', ')}`;
  return verdict('migrations', missing.length === 0, { detail, fix: MIGRATE });
}

async function checkQueues(reader: Reader): Promise<HealthCheck> {
  const installed = new Map((await findQueues(reader))?.map(({ name, policy }) => [name, policy]));
  const faults = jobContracts.flatMap(({ name, queue }) => {
    const policy = installed.get(name);
    const needed = queue.policy ?? 'standard';
    if (policy === undefined) return [`${name} is missing`];
    return [
      ...(policy === needed ? [] : [`${name} has the policy ${policy}, not ${needed}`]),
      ...(installed.has(queue.deadLetter) ? [] : [`${queue.deadLetter} is missing`]),
    ];
  });
  const detail = faults.length === 0 ? jobContracts.map(({ name }) => name).join(', ') : faults.join('; ');
  const fix = `${MIGRATE} A queue of another policy must be drained and deleted first.`;
  return verdict('queues', faults.length === 0, { detail, fix });
}

async function checkLag(reader: Reader, maxLagSeconds: number): Promise<HealthCheck> {
  const lag = await findLag(reader, updateLearnerJob.name);
  if (lag === null) return verdict('lag', false, { detail: 'unknown: tables or queue are missing', fix: MIGRATE });
  const oldestSeconds = Math.max(0, Math.round(lag.oldestSeconds ?? 0));
  const detail = `${lag.behind} learners behind, ${lag.queued} jobs, the oldest waits for ${oldestSeconds} s`;
  const isStuck = lag.behind > 0 && lag.queued === 0;
  const fix = isStuck
    ? 'No job will bring them up to date: run `studyin verify`, and look at the dead letters.'
    : 'Start a worker, or a second one.';
  return verdict('lag', !isStuck && oldestSeconds <= maxLagSeconds, { detail, fix });
}

async function checkDeadLetters(reader: Reader): Promise<HealthCheck> {
  const jobs = await findDeadLetters(
    reader,
    jobContracts.map(({ queue }) => queue.deadLetter),
  );
  if (jobs === null) return verdict('dead_letters', false, { detail: 'unknown: there is no queue', fix: MIGRATE });
  const fix = "Read the worker's log for these jobs, remove the cause, then send them again: see docs/operations.md.";
  return verdict('dead_letters', jobs === 0, { detail: `${jobs} jobs`, fix });
}

async function checkPartitions(reader: Reader): Promise<HealthCheck> {
  const missing = await listMissingMonths(reader, FACTS);
  const detail =
    missing.length === 0
      ? 'three months ahead'
      : `missing: ${missing.map(({ parent, month }) => `${parent} ${month}`).join(', ')}`;
  const fix = 'Start a worker, which makes them every night, or run `studyin migrate`.';
  return verdict('partitions', missing.length === 0, { detail, fix });
}

async function checkErasures(reader: Reader): Promise<HealthCheck> {
  const unfinished = await countUnfinishedErasures(reader);
  if (unfinished === null) return verdict('erasures', false, { detail: 'unknown: tables are missing', fix: MIGRATE });
  const detail = unfinished === 0 ? 'all finished' : `${unfinished} were broken off`;
  return verdict('erasures', unfinished === 0, { detail, fix: 'Run `studyin erase --unfinished`.' });
}

function checkTimeouts({ statementTimeoutMs, lockTimeoutMs, idleTimeoutMs }: ServerFacts): HealthCheck {
  const timeouts = { statement: statementTimeoutMs, lock: lockTimeoutMs, 'idle in transaction': idleTimeoutMs };
  const detail = Object.entries(timeouts)
    .map(([name, ms]) => `${name} ${ms === 0 ? 'none' : `${ms / 1000} s`}`)
    .join(', ');
  const ok = Object.values(timeouts).every((ms) => ms > 0);
  return verdict('timeouts', ok, { detail, fix: 'A pooler drops the options of connections: let them pass.' });
}

type Told = { readonly detail: string; readonly fix: string };

function verdict(name: HealthCheck['name'], ok: boolean, { detail, fix }: Told): HealthCheck {
  return { name, ok, detail, fix: ok ? null : fix };
}
