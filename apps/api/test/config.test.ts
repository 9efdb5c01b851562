import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import { envToConfig } from '../src/config.ts';
import type { Env } from '@studyin/settings/read-settings';
import { testEnv } from './test-api.ts';

const env = testEnv('postgres://login:hidden-password@127.0.0.1:5432/studyin');

function refusalOf(change: Env): DomainError {
  try {
    envToConfig({ ...env, ...change });
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('the setting was taken');
}

describe('the configuration of the API', () => {
  it('fills in every default', () => {
    expect(envToConfig({ ...env, STUDYIN_PORT: undefined, STUDYIN_POOL_SIZE: undefined })).to.deep.equal({
      database: { url: env['DATABASE_URL'], role: 'studyin_runtime', poolSize: 10 },
      ingest: { lanes: 2, queueItems: 20_000 },
      http: { host: '127.0.0.1', port: 4000, trustedProxies: 0, callsPerMinute: 6000 },
      tokens: {
        issuer: 'studyin',
        audience: 'studyin-analytics',
        key: { kind: 'secret', secret: env['STUDYIN_TOKEN_SECRET'] },
      },
      keys: {
        session: env['STUDYIN_SESSION_KEY'],
        sessionPrevious: undefined,
        subject: env['STUDYIN_SUBJECT_KEY'],
      },
      cacheBytes: 64 * 1024 * 1024,
      traces: { url: null, percent: 100 },
      logLevel: 'info',
    });
  });

  it('takes an empty role as the login’s own rights, and any other empty value as absent', () => {
    const config = envToConfig({ ...env, STUDYIN_ROLE: '', LOG_LEVEL: '', STUDYIN_CACHE_MB: '' });
    expect(config.database.role).to.equal(undefined);
    expect(config.logLevel).to.equal('info');
    expect(config.cacheBytes).to.equal(64 * 1024 * 1024);
  });

  const wrong: readonly (readonly [string, string | undefined])[] = [
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', 'mysql://127.0.0.1/studyin'],
    ['DATABASE_URL', 'postgres:///studyin'],
    ['STUDYIN_PORT', '65536'],
    ['STUDYIN_TRACES_URL', 'collector:4318'],
    ['STUDYIN_TRACES_PERCENT', '101'],
    ['STUDYIN_PORT', '40 00'],
    ['STUDYIN_PORT', '-1'],
    ['STUDYIN_PORT', '4000.5'],
    ['STUDYIN_TOKEN_SECRET', 'short'],
    ['STUDYIN_TOKEN_SECRET', undefined],
    ['STUDYIN_SESSION_KEY', undefined],
    ['STUDYIN_SESSION_KEY', 'x'.repeat(31)],
    ['STUDYIN_SESSION_KEY_PREVIOUS', 'x'.repeat(31)],
    ['STUDYIN_SUBJECT_KEY', undefined],
    ['STUDYIN_SUBJECT_KEY', ''],
    ['STUDYIN_TRUST_PROXY', 'true'],
    ['STUDYIN_ROLE', 'studyin; drop'],
    ['STUDYIN_POOL_SIZE', '1'],
    ['STUDYIN_POOL_SIZE', '2'],
    ['STUDYIN_INGEST_LANES', '0'],
    ['STUDYIN_INGEST_QUEUE_ITEMS', '999'],
    ['STUDYIN_CACHE_MB', '-1'],
    ['STUDYIN_RATE_LIMIT_PER_MINUTE', 'many'],
    ['LOG_LEVEL', 'loud'],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}=${value ?? '(unset)'} in one line that names it and shows no value`, () => {
      const { code, message } = refusalOf({ [name]: value });
      expect(code).to.equal('misconfigured');
      expect(message)
        .to.match(new RegExp(`^${name} `))
        .and.not.include('\n')
        .and.not.include('hidden-password');
      if (value !== undefined && value !== '' && value !== 'true' && value.length > 2) {
        expect(message).to.not.include(value);
      }
    });
  }

  it('takes public keys in place of the secret, over https or from the same machine only', () => {
    const withUrl = (url: string): Env => ({ ...env, STUDYIN_TOKEN_SECRET: undefined, STUDYIN_JWKS_URL: url });
    expect(envToConfig(withUrl('https://id.example.org/jwks.json')).tokens.key.kind).to.equal('jwks');
    expect(envToConfig(withUrl('http://127.0.0.1:9000/jwks.json')).tokens.key.kind).to.equal('jwks');
    expect(() => envToConfig(withUrl('http://id.example.org/jwks.json'))).to.throw('STUDYIN_JWKS_URL');
  });

  it('refuses a secret and public keys at once', () => {
    expect(refusalOf({ STUDYIN_JWKS_URL: 'https://id.example.org/jwks.json' }).message).to.include(
      'exclude each other',
    );
  });

  it('names every wrong setting at once', () => {
    const { message } = refusalOf({ STUDYIN_PORT: 'x', LOG_LEVEL: 'loud', STUDYIN_SUBJECT_KEY: undefined });
    expect(message).to.include('STUDYIN_PORT').and.include('LOG_LEVEL').and.include('STUDYIN_SUBJECT_KEY is not set');
  });

  it('has every setting in .env.example, and nothing the API reads is missing there', () => {
    const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
    const read = new Set(source.match(/\b(?:DATABASE_URL|LOG_LEVEL|STUDYIN_[A-Z_]+)\b/g));
    expect([...read].filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example))).to.deep.equal([]);
  });
});
