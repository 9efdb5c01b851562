import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { envToConfig } from '../src/config.ts';
import { spawnWorker, workerEnv } from './worker-domain.ts';

const env = workerEnv('postgres://login:secret@127.0.0.1:1/studyin');

describe("the worker's settings", () => {
  it('have defaults for all but the database and the keys', () => {
    expect(envToConfig(env)).deep.include({ concurrency: 2, http: null, logLevel: 'info' });
    expect(envToConfig(env).database).include({ role: 'studyin_runtime', poolSize: 4 });
    expect(envToConfig({ ...env, STUDYIN_ROLE: '' }).database.role).equal(undefined);
  });

  it('always leave a connection beside those of the lanes', () => {
    expect(envToConfig({ ...env, STUDYIN_WORKER_CONCURRENCY: '8' }).database.poolSize).equal(9);
  });

  it('name a folder for archives by its whole path, or none', () => {
    expect(envToConfig(env).rules.retention).include({ archiveDir: null });
    expect(envToConfig({ ...env, STUDYIN_ARCHIVE_DIR: '/srv/archive' }).rules.retention.archiveDir).equal(
      '/srv/archive',
    );
    expect(() => envToConfig({ ...env, STUDYIN_ARCHIVE_DIR: 'archive' })).throw(
      'STUDYIN_ARCHIVE_DIR must be an absolute path.',
    );
  });

  it('say for how many days logs are kept, within bounds', () => {
    expect(envToConfig(env).rules.retention).include({ accessLogDays: 400, quarantineDays: 90, nightDays: 35 });
    expect(envToConfig({ ...env, STUDYIN_ACCESS_LOG_DAYS: '90' }).rules.retention.accessLogDays).equal(90);
    expect(() => envToConfig({ ...env, STUDYIN_ACCESS_LOG_DAYS: '89', STUDYIN_NIGHT_DAYS: '0' })).throw(
      'STUDYIN_ACCESS_LOG_DAYS must be a whole number from 90 to 3650; STUDYIN_NIGHT_DAYS must be a whole number from 2 to 3650.',
    );
  });

  it('are refused by name, all at once, and never with their value', () => {
    const wrong = { STUDYIN_WORKER_CONCURRENCY: 'many', STUDYIN_SESSION_KEY: 'short', LOG_LEVEL: 'loud' };
    expect(() => envToConfig(wrong)).throw(
      'DATABASE_URL is not set; STUDYIN_WORKER_CONCURRENCY must be a whole number from 1 to 64; STUDYIN_SESSION_KEY must have at least 32 characters; STUDYIN_SUBJECT_KEY is not set; LOG_LEVEL must be one of',
    );
  });

  it('that lead nowhere are told to whoever waits for the worker to start', async () => {
    const nowhere = { database: { url: 'postgres://login:secret@127.0.0.1:1/studyin' } };
    const refused = await spawnWorker(nowhere).then(() => '', String);
    expect(refused).equal(
      'Error: the worker ended with 1: The database at 127.0.0.1:1 cannot be reached; is it running?\n',
    );
  });

  it('that lead nowhere end the process with one line and exit code 1', () => {
    const main = resolve(import.meta.dirname, '../src/main.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=@studyin/source', main], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect({ status, stderr }).eql({
      status: 1,
      stderr: 'The database at 127.0.0.1:1 cannot be reached; is it running?\n',
    });
  });
});
