import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import { waitFor } from '@studyin/testkit/wait-for';
import { startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { addCurriculum, attempt, newId, newLearner, sessionId } from './test-curriculum.ts';

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('GET /export', function () {
  this.timeout(60_000);
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
  });
  after(() => api.stop());

  const learn = async (): Promise<{ readonly learner: string; readonly token: string }> => {
    const learner = newLearner();
    const token = await tokenFor(learner, 'learner');
    await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    await api.mutate('tracking.questionAttempt', attempt(), { token });
    return { learner, token };
  };
  /** Begins an export that is larger than what the sockets hold, and reads nothing of it. */
  const beginLarge = async (token: string): Promise<IncomingMessage> => {
    const sent = request(`${api.url}/export`, { headers: bearer(token) });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]; // as: documented by node
    return answer;
  };
  const readOn = async (
    reading: AsyncIterator<Buffer>,
  ): Promise<{ readonly text: string; readonly error: unknown }> => {
    let text = '';
    try {
      for (;;) {
        const next: IteratorResult<Buffer, unknown> = await reading.next();
        if (next.done === true) return { text, error: null };
        text += String(next.value);
      }
    } catch (error) {
      return { text, error };
    }
  };
  const countBusy = async (): Promise<number> => {
    const busy = await api.sql(
      `select from pg_stat_activity
      where datname = current_database() and application_name = 'studyin-api-read' and state <> 'idle'`,
    );
    return busy.length;
  };
  const addEvents = (learner: string, count: number): Promise<unknown> =>
    api.sql(
      `insert into study_events (user_id, created_at, id, received_at, study_day, session_id, event_type, properties)
      select $1, at, (substring(encode(int8send((extract(epoch from at) * 1000)::bigint), 'hex') from 5) || '7000' ||
          '8000' || lpad(to_hex(n), 12, '0'))::uuid, at, at::date, $1::uuid, 'custom', jsonb_build_object('text', repeat('x', 900))
      from (
        select n, date_trunc('milliseconds', now() - interval '1 day' + make_interval(secs => n)) as at
        from generate_series(1, $2::int) as n
      ) as s`,
      [learner, count],
    );

  it('gives learners what is stored about them, as lines that end in a manifest', async () => {
    const { learner, token } = await learn();
    await learn();
    const { status, headers, text } = await api.send('/export', { headers: bearer(token) });
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('application/jsonl; charset=utf-8');
    expect(headers.get('cache-control')).to.equal('no-store');
    const lines = text
      .trimEnd()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { row?: { user_id?: string }; kind?: string; tables?: Record<string, number> },
      );
    expect(lines[0]).to.include({ kind: 'header', userId: learner });
    expect(lines.at(-1)?.tables).to.include({ learners: 1, study_events: 2, question_attempts: 1 });
    for (const { row } of lines.slice(1, -1)) expect(row?.user_id).to.equal(learner);
  });

  it('is for learners with data alone', async () => {
    const { token } = await learn();
    const codeOf = async (init: RequestInit): Promise<unknown> => {
      const { status, error } = await api.send('/export', init);
      return [status, error?.data.code];
    };
    const as = async (role: 'service' | 'admin' | 'instructor' | 'learner'): Promise<RequestInit> => ({
      headers: bearer(await tokenFor(newLearner(), role)),
    });
    expect(await codeOf({})).to.deep.equal([401, 'UNAUTHORIZED']);
    expect(await codeOf({ headers: bearer('a.b.c') })).to.deep.equal([401, 'UNAUTHORIZED']);
    for (const role of ['service', 'admin', 'instructor'] as const) {
      expect(await codeOf(await as(role)), role).to.deep.equal([403, 'FORBIDDEN']);
    }
    expect(await codeOf(await as('learner'))).to.deep.equal([404, 'NOT_FOUND']);
    expect(await codeOf({ headers: bearer(token), method: 'POST' })).to.deep.equal([405, 'METHOD_NOT_SUPPORTED']);
    await api.mutate('privacy.erase', {}, { token });
    expect(await codeOf({ headers: bearer(token) })).to.deep.equal([404, 'NOT_FOUND']);
  });

  it('that fails on its way is cut off, without its manifest; others are told to wait meanwhile', async () => {
    const { learner, token } = await learn();
    await addEvents(learner, 20_000);
    const answers = [await beginLarge(token), await beginLarge(token)];
    expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal([200, 200]);
    const third = await api.send('/export', { headers: bearer(token) });
    expect([third.status, third.headers.get('retry-after')]).to.deep.equal([429, '5']);
    const readings = answers.map((answer) => answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
    for (const reading of readings) expect(String((await reading.next()).value)).to.include('"kind":"header"');
    let cut = 0;
    await waitFor(async () => {
      const rows = await api.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'studyin-api-read' and query like 'copy%'`,
      );
      return (cut += rows.length) >= 2;
    });
    for (const reading of readings) {
      const { text, error } = await readOn(reading);
      expect(error).to.have.property('code', 'ECONNRESET');
      expect(text).to.not.include('"kind":"manifest"');
    }
    const whole = await api.send('/export', { headers: bearer(token) });
    expect(whole.text)
      .to.match(/"kind":"manifest","rows":\d+.*\n$/)
      .and.include('"study_events":20002');
  });

  it('whose reader leaves gives its connection back', async () => {
    const { learner, token } = await learn();
    await addEvents(learner, 20_000);
    for (const _ of [1, 2, 3, 4]) {
      const answer = await beginLarge(token);
      expect(answer.statusCode).to.equal(200);
      answer.destroy();
      await waitFor(async () => (await countBusy()) === 0);
    }
  });
});
