import { expect } from 'chai';
import { openTestDomain, silentLog } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { envToConfig } from '../src/config.ts';
import { startWorker } from '../src/start-worker.ts';
import { takePort, workerEnv } from './worker-domain.ts';

const log = { ...silentLog, debug: () => undefined };

describe("the worker's own port", () => {
  let domain: TestDomain;
  before(async () => {
    domain = await openTestDomain();
  });
  after(() => domain.close());

  const withPort = (port: number) =>
    envToConfig({ ...workerEnv(domain.database.url), STUDYIN_WORKER_PORT: String(port) });

  it('says that it lives, that it is ready, and what it has done', async () => {
    const taken = await takePort();
    await taken.free();
    const worker = await startWorker(withPort(taken.port), { log });
    try {
      const get = async (path: string) => {
        const response = await fetch(`${worker.url}${path}`);
        return { status: response.status, text: await response.text() };
      };
      expect(await get('/livez')).eql({ status: 200, text: 'ok\n' });
      expect(await get('/readyz')).eql({ status: 200, text: 'ok\n' });
      expect((await get('/metrics')).text).includes('studyin_queue_jobs{queue="update-learner",state="waiting"} 0');
      expect(await get('/else')).eql({ status: 404, text: 'not found\n' });
    } finally {
      await worker.stop();
    }
  });

  it('is named when something else listens there, and nothing is left open', async () => {
    const taken = await takePort();
    const error = await startWorker(withPort(taken.port), { log }).catch((problem: unknown) => problem);
    await taken.free();
    expect(error).property(
      'message',
      `The worker's port ${taken.port} at 127.0.0.1 cannot be used (STUDYIN_WORKER_PORT).`,
    );
  });
});
