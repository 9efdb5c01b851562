import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect, migrate, readServerAddress, statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { createJobs } from '@studyin/domain/jobs';
import { requireMigrated } from '@studyin/domain/services';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { authority, openTlsDoor } from './tls-door.ts';
import type { TlsDoor } from './tls-door.ts';

const one = statement('test.one', `select 1 as one`);
const url = 'postgres://login:secret@db.example:5432/studyin';

describe('the words on TLS of a database URL', () => {
  it('are taken out of it, and without them there is none', () => {
    expect(readServerAddress(url)).to.deep.equal({ url, tlsMode: null, ssl: false });
    expect(readServerAddress(`${url}?sslmode=disable`)).to.deep.equal({ url, tlsMode: 'disable', ssl: false });
    expect(readServerAddress(`${url}?sslmode=require`).url).to.equal(url);
  });

  it('name modes that never fall back to plain text', () => {
    for (const mode of ['prefer', 'allow', 'on', '']) {
      expect(() => readServerAddress(`${url}?sslmode=${mode}`), mode).to.throw(DomainError, /sslmode of DATABASE_URL/);
    }
  });

  it('verify in every mode but a bare require', () => {
    const verifies = (words: string): unknown => {
      const { ssl } = readServerAddress(`${url}?${words}`);
      return ssl !== false && ssl.rejectUnauthorized;
    };
    expect(verifies('sslmode=require')).to.equal(false);
    expect(verifies('sslmode=verify-ca')).to.equal(true);
    expect(verifies('sslmode=verify-full&sslrootcert=system')).to.equal(true);
  });

  it('name files that can be read, and a fault never shows the password', () => {
    expect(() => readServerAddress(`${url}?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem`))
      .to.throw(DomainError, 'The file that sslrootcert of DATABASE_URL names cannot be read.')
      .with.property('code', 'misconfigured');
  });
});

describe('a connection with TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyin-tls-'));
  const caFile = join(folder, 'ca.pem');
  let door: TlsDoor;
  const database = useTestDatabase();
  before(async () => {
    door = await openTlsDoor(database().url);
    writeFileSync(caFile, authority);
  });
  after(async () => {
    await door.close();
    rmSync(folder, { recursive: true });
  });

  /** `ok`, or the message of the error that the process would stop with. */
  const tryStart = async (through: string): Promise<string> => {
    const opened = connect({ url: through, poolSize: 1, applicationName: 'tls-test', acquireTimeoutMs: 5_000 });
    try {
      await requireMigrated(opened, { url: through, role: undefined });
      return 'ok';
    } catch (error) {
      return error instanceof DomainError ? error.message : String(error);
    } finally {
      await opened.close();
    }
  };
  const plain = (words: string): string => `${database().url}?${words}`;

  it('refuses a server without it, in every mode that asks for it', async () => {
    const { host } = new URL(database().url);
    for (const words of ['sslmode=require', `sslmode=verify-ca&sslrootcert=${caFile}`, 'sslmode=verify-full']) {
      expect(await tryStart(plain(words)), words).to.equal(
        `The database at ${host} offers no TLS, which sslmode of DATABASE_URL requires.`,
      );
    }
    expect(await tryStart(plain('sslmode=disable'))).to.equal('ok');
  });

  it('is refused by migrate and by the queue as well', async () => {
    const required = plain('sslmode=require');
    const migrated: unknown = await migrate({ url: required }).catch((error: unknown) => error);
    expect(migrated)
      .to.be.instanceOf(DomainError)
      .with.property('message')
      .that.matches(/offers no TLS/);
    const jobs = createJobs({ url: required, applicationName: 'tls-test', mode: 'send', onError: () => undefined });
    const queued: unknown = await jobs.start().catch((error: unknown) => error);
    if (!(queued instanceof Error)) await jobs.stop(1_000); // or the run would never end
    expect(queued)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/does not support SSL/);
  });

  it('is encrypted with require, verified by the authority, and by the name with verify-full', async () => {
    expect(await tryStart(door.url('127.0.0.1', { sslmode: 'require' }))).to.equal('ok');
    expect(await tryStart(door.url('127.0.0.1', { sslmode: 'verify-ca', sslrootcert: caFile }))).to.equal('ok');
    expect(await tryStart(door.url('localhost', { sslmode: 'verify-full', sslrootcert: caFile }))).to.equal('ok');
    expect(door.encrypted()).to.be.at.least(3);
    const jobs = createJobs({
      url: door.url('localhost', { sslmode: 'verify-full', sslrootcert: caFile }),
      role: 'studyin_runtime',
      applicationName: 'tls-test',
      mode: 'send',
      onError: () => undefined,
    });
    await jobs.start();
    expect(await jobs.boss.getDb().executeSql(one.text, [])).to.deep.include({ rows: [{ one: 1 }] });
    await jobs.stop(1_000);
  });

  it('refuses a certificate of another authority, and of another name', async () => {
    const refused = /has a certificate that sslmode and sslrootcert of DATABASE_URL do not accept\.$/;
    expect(await tryStart(door.url('localhost', { sslmode: 'verify-ca' })), 'no authority of ours').to.match(refused);
    expect(await tryStart(door.url('127.0.0.1', { sslmode: 'verify-full', sslrootcert: caFile }))).to.match(refused);
  });
});
