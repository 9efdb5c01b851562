import { DomainError } from '@studyin/domain/errors';
import { z } from 'zod';

export type TokenSettings = {
  readonly issuer: string;
  readonly audience: string;
  /** One shared secret for one machine, or the public keys of an identity provider. */
  readonly key: { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'jwks'; readonly url: string };
};

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Config = {
  readonly database: { readonly url: string; readonly role: string | undefined; readonly poolSize: number };
  readonly ingest: {
    /** Transactions at a time; each has a connection of the pool. */
    readonly lanes: number;
    /** Items that wait or are being written at most. */
    readonly queueItems: number;
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Proxies between client and process whose X-Forwarded-For is believed. */
    readonly trustedProxies: number;
    /** Calls per learner and minute; 0 switches the limit off. */
    readonly callsPerMinute: number;
  };
  readonly tokens: TokenSettings;
  readonly keys: { readonly session: string; readonly sessionPrevious: string | undefined; readonly subject: string };
  readonly cacheBytes: number;
  /** Where traces go (null: nowhere), and how many of a hundred that begin here. */
  readonly traces: { readonly url: string | null; readonly percent: number };
  readonly logLevel: LogLevel;
};

export type Env = Readonly<Record<string, string | undefined>>;

/** The only reader of `process.env` in this process. */
export function readEnv(): Env {
  return process.env;
}

const integer = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)
    .describe(`must be a whole number from ${min} to ${max}`);

const isHttpUrl = (text: string) => /^https?:/.test(text) && URL.canParse(text);
const isPostgresUrl = (text: string) => /^postgres(ql)?:\/\/[^/]/.test(text) && URL.canParse(text);
const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host);
const isJwksUrl = (text: string) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  // Over plain HTTP anybody on the way could hand us keys of their own.
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};
const byteLength = (text: string) => new TextEncoder().encode(text).length;
const secretKey = z.string().min(32).describe('must have at least 32 characters');

// Each description finishes the sentence "<setting> …" that a wrong value stops the start with.
const settings = z.object({
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl)
    .describe('must be a URL such as postgres://login:password@host:5432/database'),
  STUDYIN_HOST: z.string().regex(/^\S+$/).default('127.0.0.1').describe('must be an address to listen on'),
  STUDYIN_PORT: integer(4000, 0, 65_535),
  STUDYIN_TRUST_PROXY: integer(0, 0, 10),
  STUDYIN_RATE_LIMIT_PER_MINUTE: integer(6000, 0, 10_000_000),
  STUDYIN_TOKEN_SECRET: z
    .string()
    .refine((text) => byteLength(text) >= 32)
    .optional()
    .describe('must have at least 32 bytes'),
  STUDYIN_JWKS_URL: z.string().refine(isJwksUrl).optional().describe('must be an https URL'),
  STUDYIN_TOKEN_ISSUER: z.string().default('studyin').describe('must be a text'),
  STUDYIN_TOKEN_AUDIENCE: z.string().default('studyin-analytics').describe('must be a text'),
  STUDYIN_SESSION_KEY: secretKey,
  STUDYIN_SESSION_KEY_PREVIOUS: secretKey.optional().describe('must have at least 32 characters'),
  STUDYIN_SUBJECT_KEY: secretKey,
  STUDYIN_ROLE: z
    .string()
    .regex(/^([a-z_][a-z0-9_]{0,62})?$/)
    .default('studyin_runtime')
    .describe('must be the name of a database role, or empty'),
  STUDYIN_POOL_SIZE: integer(10, 2, 500),
  STUDYIN_INGEST_LANES: integer(2, 1, 16),
  STUDYIN_INGEST_QUEUE_ITEMS: integer(20_000, 1_000, 1_000_000),
  STUDYIN_CACHE_MB: integer(64, 1, 16_384),
  STUDYIN_TRACES_URL: z.string().refine(isHttpUrl).optional().describe('must be an http or https URL'),
  STUDYIN_TRACES_PERCENT: integer(100, 0, 100),
  LOG_LEVEL: z
    .enum(logLevels)
    .default('info')
    .describe(`must be one of ${logLevels.join(', ')}`),
});

type Settings = z.output<typeof settings>;
type SettingName = keyof typeof settings.shape;

/**
 * The configuration that an environment says, defaults filled in; an empty value counts as absent, but for STUDYIN_ROLE.
 * Throws `misconfigured` with one line that names every wrong setting and never shows a value.
 */
export function envToConfig(env: Env): Config {
  const names = Object.keys(settings.shape) as SettingName[]; // as: the keys of an object literal
  const given = names.filter((name) => env[name] !== undefined && (env[name] !== '' || name === 'STUDYIN_ROLE'));
  const parsed = settings.safeParse(Object.fromEntries(given.map((name) => [name, env[name]])));
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName)); // as: the keys of the schema
    const isGiven = (name: SettingName) => given.includes(name);
    const problems = [...wrong].map((name) =>
      isGiven(name) ? `${name} ${settings.shape[name].description ?? 'is not valid'}` : `${name} is not set`,
    );
    throw new DomainError('misconfigured', `${problems.join('; ')}.`);
  }
  return toConfig(parsed.data);
}

function toConfig(settings: Settings): Config {
  if (settings.STUDYIN_INGEST_LANES >= settings.STUDYIN_POOL_SIZE) {
    throw new DomainError('misconfigured', 'STUDYIN_POOL_SIZE must be larger than STUDYIN_INGEST_LANES.');
  }
  return {
    database: {
      url: settings.DATABASE_URL,
      role: settings.STUDYIN_ROLE === '' ? undefined : settings.STUDYIN_ROLE,
      poolSize: settings.STUDYIN_POOL_SIZE,
    },
    ingest: { lanes: settings.STUDYIN_INGEST_LANES, queueItems: settings.STUDYIN_INGEST_QUEUE_ITEMS },
    http: {
      host: settings.STUDYIN_HOST,
      port: settings.STUDYIN_PORT,
      trustedProxies: settings.STUDYIN_TRUST_PROXY,
      callsPerMinute: settings.STUDYIN_RATE_LIMIT_PER_MINUTE,
    },
    tokens: {
      issuer: settings.STUDYIN_TOKEN_ISSUER,
      audience: settings.STUDYIN_TOKEN_AUDIENCE,
      key: toTokenKey(settings),
    },
    keys: {
      session: settings.STUDYIN_SESSION_KEY,
      sessionPrevious: settings.STUDYIN_SESSION_KEY_PREVIOUS,
      subject: settings.STUDYIN_SUBJECT_KEY,
    },
    cacheBytes: settings.STUDYIN_CACHE_MB * 1024 * 1024,
    traces: { url: settings.STUDYIN_TRACES_URL ?? null, percent: settings.STUDYIN_TRACES_PERCENT },
    logLevel: settings.LOG_LEVEL,
  };
}

function toTokenKey({ STUDYIN_TOKEN_SECRET: secret, STUDYIN_JWKS_URL: url }: Settings): TokenSettings['key'] {
  // Both at once would let whoever knows the secret sign for the identity provider.
  if (secret !== undefined && url !== undefined) {
    throw new DomainError('misconfigured', 'STUDYIN_TOKEN_SECRET and STUDYIN_JWKS_URL exclude each other; set one.');
  }
  if (url !== undefined) return { kind: 'jwks', url };
  if (secret !== undefined) return { kind: 'secret', secret };
  throw new DomainError('misconfigured', 'STUDYIN_TOKEN_SECRET is not set (nor STUDYIN_JWKS_URL).');
}
