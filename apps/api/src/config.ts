import { DomainError } from '@studyin/domain/errors';
import * as fields from '@studyin/settings/fields';
import type { LogLevel } from '@studyin/settings/fields';
import { readSettings } from '@studyin/settings/read-settings';
import type { Env } from '@studyin/settings/read-settings';
import { z } from 'zod';

export type TokenSettings = {
  readonly issuer: string;
  readonly audience: string;
  /** One shared secret for one machine, or the public keys of an identity provider. */
  readonly key: { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'jwks'; readonly url: string };
};

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

/** The only reader of `process.env` in this process. */
export function readEnv(): Env {
  return process.env;
}

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host);
const isJwksUrl = (text: string) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  // Over plain HTTP anybody on the way could hand us keys of their own.
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};
const byteLength = (text: string) => new TextEncoder().encode(text).length;

// Each description finishes the sentence "<setting> …" that a wrong value stops the start with.
const settings = z.object({
  DATABASE_URL: fields.databaseUrl,
  STUDYIN_HOST: fields.listeningHost,
  STUDYIN_PORT: fields.integer(4000, 0, 65_535),
  STUDYIN_TRUST_PROXY: fields.integer(0, 0, 10),
  STUDYIN_RATE_LIMIT_PER_MINUTE: fields.integer(6000, 0, 10_000_000),
  STUDYIN_TOKEN_SECRET: z
    .string()
    .refine((text) => byteLength(text) >= 32)
    .optional()
    .describe('must have at least 32 bytes'),
  STUDYIN_JWKS_URL: z.string().refine(isJwksUrl).optional().describe('must be an https URL'),
  STUDYIN_TOKEN_ISSUER: fields.text('studyin'),
  STUDYIN_TOKEN_AUDIENCE: fields.text('studyin-analytics'),
  STUDYIN_SESSION_KEY: fields.secretKey,
  STUDYIN_SESSION_KEY_PREVIOUS: fields.optionalSecretKey,
  STUDYIN_SUBJECT_KEY: fields.secretKey,
  STUDYIN_ROLE: fields.role,
  STUDYIN_POOL_SIZE: fields.integer(10, 2, 500),
  STUDYIN_INGEST_LANES: fields.integer(2, 1, 16),
  STUDYIN_INGEST_QUEUE_ITEMS: fields.integer(20_000, 1_000, 1_000_000),
  STUDYIN_CACHE_MB: fields.integer(64, 0, 16_384),
  STUDYIN_TRACES_URL: fields.tracesUrl,
  STUDYIN_TRACES_PERCENT: fields.tracesPercent,
  LOG_LEVEL: fields.logLevel,
});

type Settings = z.output<typeof settings>;

/** The configuration that an environment says. Throws `misconfigured` as `readSettings` does. */
export function envToConfig(env: Env): Config {
  return toConfig(readSettings(settings, env));
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
