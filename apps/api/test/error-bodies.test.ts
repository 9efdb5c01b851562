// The process itself, in each NODE_ENV: libraries that show stacks unless it says production must not get to show one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { requireCleanErrors } from './error-bodies.ts';
import { encode, testEnv, tokenFor } from './test-api.ts';
import { newId, newLearner, sessionId } from './test-curriculum.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('the errors of a process', () => {
  const database = useTestDatabase();
  const runAsOwner = async (sql: string): Promise<void> => {
    const owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    await owner.sequelize.query(sql);
    await owner.close();
  };

  for (const mode of [undefined, 'development', 'production']) {
    it(`say nothing but code, constant text and request id with NODE_ENV ${mode ?? 'unset'}`, async () => {
      const child = spawn(process.execPath, ['--conditions=@studyin/source', main], {
        env: { ...testEnv(database().url), ...(mode === undefined ? {} : { NODE_ENV: mode }) },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let log = '';
      child.stdout.on('data', (text: Buffer) => (log += text.toString()));
      try {
        await waitFor(() => log.includes('api.listening'), { what: 'a listening API', timeoutMs: 15_000 });
        const url = /"url":"([^"]+)"/.exec(log)?.[1] ?? '';
        const token = await tokenFor(newLearner(), 'learner');
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        const call = async (path: string, init: RequestInit): Promise<{ status: number; id: string; text: string }> => {
          const response = await fetch(`${url}${path}`, init);
          const answer = { status: response.status, headers: response.headers, text: await response.text() };
          requireCleanErrors({ url: `${url}${path}`, init }, answer);
          return { status: answer.status, id: answer.headers.get('x-request-id') ?? '', text: answer.text };
        };
        const post = (path: string, body: string) => call(path, { method: 'POST', headers, body });
        await post('/trpc/tracking.sessionStart', encode({ eventId: newId(), sessionId }));
        expect((await post('/trpc/tracking.events', '{"json":')).status).to.equal(400);
        expect((await post('/trpc/tracking.events', `"${'x'.repeat(300_000)}"`)).status).to.equal(413);
        expect((await call('/trpc/dashboard.overview', {})).status).to.equal(401);
        expect((await call('/trpc/%E0%A4%A', { headers })).status).to.equal(400);
        expect((await call('/nowhere/at/all', { headers })).status).to.equal(404);
        await runAsOwner('revoke select on user_learning_metrics from studyin_runtime');
        const failed = await call('/trpc/dashboard.overview', { headers });
        expect(failed.status).to.equal(500);
        expect(failed.text).to.include('Something went wrong on our side.').and.include(failed.id);
        await waitFor(() => log.includes(failed.id), { what: 'the line of the failed call' });
        expect(log)
          .to.include('api.call_failed')
          .and.not.match(/permission denied|user_learning_metrics/);
      } finally {
        await runAsOwner('grant select on user_learning_metrics to studyin_runtime');
        child.kill('SIGTERM');
        await once(child, 'close');
      }
    });
  }
});

describe('the check of every answer', () => {
  const asked = {
    url: 'http://127.0.0.1:1/trpc/tracking.event',
    init: { method: 'POST', body: '{"json":{"questionId":"needle-4711"}}' },
  };
  const requestId = '11111111-2222-4333-8444-555555555555';
  const sound = {
    message: 'The request is not valid.',
    code: -32_600,
    data: { code: 'BAD_REQUEST', httpStatus: 400, requestId },
  };
  const check = (error: object): void =>
    requireCleanErrors(asked, {
      status: 400,
      headers: new Headers({ 'x-request-id': requestId }),
      text: JSON.stringify({ error: { json: error } }),
    });

  it('lets a sound one pass, and stops one with a word too much', () => {
    expect(() => check(sound)).to.not.throw();
    const { data } = sound;
    for (const [what, error] of Object.entries({
      'a stack': { ...sound, data: { ...data, stack: 'Error' } },
      'another text': { ...sound, message: 'boom' },
      'an open code': { ...sound, data: { ...data, code: 'OOPS' } },
      'no request id': { ...sound, data: { ...data, requestId: null } },
      'a value of the input': { ...sound, data: { ...data, path: 'needle-4711' } },
      SQL: { ...sound, data: { ...data, path: 'select x' } },
      'a file': { ...sound, data: { ...data, path: '/srv/apps/x.ts' } },
    })) {
      expect(() => check(error), what).to.throw();
    }
  });
});
