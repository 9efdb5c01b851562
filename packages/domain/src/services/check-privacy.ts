// What `studyin doctor` says of how personal data is kept: one line for each thing, and what to do where it is not as it should be.
import type { App } from '../app.ts';
import { sqlStateOf } from '../database/index.ts';
import type { TlsMode } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { getPrivacyFacts } from '../stores/privacy-store.ts';
import type { PrivacyFacts } from '../stores/privacy-store.ts';
import type { HealthCheck } from './check-health.ts';

export type PrivacyCheck = Omit<HealthCheck, 'name'> & {
  readonly name: 'tls' | 'logins' | 'session_key' | 'tombstones' | 'retention' | 'server_log' | 'log';
};

export type PrivacySettings = {
  /** What the database's URL says; null: nothing. */
  readonly tlsMode: TlsMode | null;
  /** Whether the server is the embedded one, which serves nobody but this machine's user. */
  readonly isEmbedded: boolean;
  readonly keys: { readonly session: string; readonly sessionPrevious: string | undefined; readonly subject: string };
  /** The shared secret of tokens, where there is one. */
  readonly tokenSecret: string | undefined;
  readonly logLevel: string;
};

type Told = { readonly ok: boolean; readonly detail: string; readonly fix: string };

/**
 * Looks at roles in use, TLS, keys, retention and logs, without changing anything. Empty where the database cannot be asked or
 * is not migrated: `checkHealth` tells that.
 */
export async function checkPrivacy(
  { database }: Pick<App, 'database'>,
  settings: PrivacySettings,
): Promise<readonly PrivacyCheck[]> {
  const facts = await findFacts(database);
  if (facts === null) return [];
  return [
    check('tls', tellTls(facts, settings)),
    check('logins', tellLogins(facts, settings)),
    check('session_key', tellSessionKey(settings)),
    check('tombstones', tellTombstones(facts, settings)),
    check('retention', tellRetention(facts)),
    check('server_log', tellServerLog(facts)),
    check('log', {
      ok: true,
      detail: `level ${settings.logLevel}; lines hold names, counts and request ids, errors without their texts`,
      fix: '',
    }),
  ];
}

const UNASKABLE = new Set(['42P01', '42501', '22023', '28P01', '28000', '3D000']);

async function findFacts(database: App['database']): Promise<PrivacyFacts | null> {
  try {
    return await getPrivacyFacts(database.reader);
  } catch (error) {
    const isUnavailable = error instanceof DomainError && error.code === 'unavailable';
    if (isUnavailable || UNASKABLE.has(sqlStateOf(error) ?? '')) return null;
    throw error;
  }
}

function check(name: PrivacyCheck['name'], { ok, detail, fix }: Told): PrivacyCheck {
  return { name, ok, detail, fix: ok ? null : fix };
}

function tellTls({ tls, isLocal }: PrivacyFacts, { tlsMode }: PrivacySettings): Told {
  const fix = 'Add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL, or sslmode=disable where the way there is safe.';
  if (tls !== null) return { ok: true, detail: `${tls}, ${tlsMode ?? 'unverified'}`, fix };
  if (isLocal) return { ok: true, detail: 'none, to a server on this machine', fix };
  const isMeant = tlsMode === 'disable';
  return { ok: isMeant, detail: `none, to another machine${isMeant ? ', as sslmode=disable says' : ''}`, fix };
}

function tellLogins({ powerfulLogins }: PrivacyFacts, { isEmbedded }: PrivacySettings): Told {
  const fix = 'Give API and worker a login of their own: see "Roles" in docs/operations.md.';
  if (powerfulLogins.length === 0) return { ok: true, detail: 'no running process has the rights of the owner', fix };
  const detail = `processes run as ${powerfulLogins.join(', ')}, who may do all that the owner may`;
  return { ok: isEmbedded, detail: isEmbedded ? `${detail}; embedded, for this machine's user` : detail, fix };
}

// A key that does two things gives the one away with the other.
function tellSessionKey({ keys, tokenSecret }: PrivacySettings): Told {
  const { session, sessionPrevious, subject } = keys;
  if ([subject, tokenSecret, sessionPrevious].includes(session)) {
    const detail = 'STUDYIN_SESSION_KEY is also another key';
    return { ok: false, detail, fix: 'Use a key of its own: whoever knows one must not know the other.' };
  }
  const detail = sessionPrevious === undefined ? 'one key' : 'rotating: sessions of the key before keep their ids';
  return { ok: true, detail, fix: '' };
}

function tellTombstones({ tombstones }: PrivacyFacts, { keys, tokenSecret }: PrivacySettings): Told {
  const fix = 'Use a key of its own; with tombstones there it cannot be changed any more without forgetting them.';
  const detail = `${tombstones} erased learners are known by their HMAC`;
  const isShared = [keys.sessionPrevious, tokenSecret].includes(keys.subject);
  return isShared
    ? { ok: false, detail: 'STUDYIN_SUBJECT_KEY is also another key', fix }
    : { ok: true, detail: `${detail}, under a key that is never rotated`, fix };
}

function tellRetention({ oldestMonth, keptFrom }: PrivacyFacts): Told {
  const ok = oldestMonth === null || oldestMonth >= keptFrom;
  const detail = `facts from ${oldestMonth?.slice(0, 7) ?? 'nowhere'} on are kept, those before ${keptFrom.slice(0, 7)} are to go`;
  return { ok, detail, fix: 'Start a worker, whose nights drop them, or run `studyin retention`.' };
}

/** Values of statements are answers of learners; PostgreSQL writes them into its own log where it is told to. */
function tellServerLog(facts: PrivacyFacts): Told {
  const logsStatements = facts.logStatement === 'mod' || facts.logStatement === 'all' || facts.logMinDurationMs >= 0;
  const logsValues = logsStatements && facts.logParameterBytes !== 0;
  const onError = facts.logParameterBytesOnError !== 0;
  if (!logsValues && !onError) return { ok: true, detail: 'the server logs no values of statements', fix: '' };
  const settings = [
    ...(logsValues ? ['log_parameter_max_length'] : []),
    ...(onError ? ['log_parameter_max_length_on_error'] : []),
  ];
  return {
    ok: false,
    detail: 'the server writes values of statements into its log',
    fix: `Set ${settings.join(' and ')} to 0 in the server's configuration.`,
  };
}
