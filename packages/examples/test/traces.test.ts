// One call, followed from the API through the queue into the worker, as a collector of traces sees it.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { connect, statement } from '@studyin/domain/database';
import { eventIdAt } from '@studyin/testkit/test-domain';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { startProcess, tokenSecret } from './processes.ts';
import type { RunningProcess } from './processes.ts';

type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
};
type Sent = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
};

const selectContexts = statement('test.trace_contexts', `select count(trace_context)::int as n from pgboss.job`);

describe('traces', () => {
  const spans: Span[] = [];
  let received = '';
  let collector: Server;
  let processes: RunningProcess[] = [];
  const userId = randomUUID();
  const database = useTestDatabase();

  before(async () => {
    collector = createServer((request, response) => {
      let body = '';
      request.on('data', (text: Buffer) => (body += text.toString()));
      request.on('end', () => {
        received += body;
        const { resourceSpans } = JSON.parse(body) as Sent; // as: OTLP over HTTP as JSON
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  after(() => collector.close());
  afterEach(async () => {
    await Promise.all(processes.map((one) => one.stop()));
    processes = [];
  });

  const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
    processes = await Promise.all((['api', 'worker'] as const).map((app) => startProcess(app, database().url, env)));
  };
  const tracedSettings = (): Readonly<Record<string, string>> => {
    const { port } = collector.address() as AddressInfo; // as: it listens on TCP
    return { STUDYIN_TRACES_URL: `http://127.0.0.1:${port}/v1/traces`, STUDYIN_TRUST_PROXY: '1' };
  };
  const track = async (headers: Readonly<Record<string, string>> = {}): Promise<void> => {
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ sub: userId, role: 'learner', iat: now, exp: now + 600 })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('studyin')
      .setAudience('studyin-analytics')
      .sign(new TextEncoder().encode(tokenSecret));
    const answer = await fetch(`${processes[0]?.url}/trpc/tracking.sessionStart`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        json: { eventId: eventIdAt(Date.now() - 60_000, spans.length), sessionId: randomUUID() },
      }),
    });
    expect(answer.status).to.equal(200);
  };
  const named = (name: string): readonly Span[] => spans.filter((span) => span.name === name);
  const isBelow = (span: Span | undefined, ancestor: Span | undefined): boolean => {
    if (span === undefined || ancestor === undefined) return false;
    if (span.spanId === ancestor.spanId) return true;
    return isBelow(
      spans.find(({ spanId }) => spanId === span.parentSpanId),
      ancestor,
    );
  };

  it('lead from the caller’s own trace through call, commit and queue to the job, by ids alone', async () => {
    await start(tracedSettings());
    const traceId = 'a'.repeat(32);
    await track({ traceparent: `00-${traceId}-${'b'.repeat(16)}-01` });
    await waitFor(() => named('update-learner').length > 0, { what: 'the span of the job', timeoutMs: 15_000 });
    await waitFor(() => named('tracking.sessionStart').length > 0, { what: 'the span of the call' });
    const [call] = named('tracking.sessionStart');
    const [job] = named('update-learner');
    expect(call).to.include({ traceId, parentSpanId: 'b'.repeat(16) });
    expect(job?.traceId).to.equal(traceId);
    expect(isBelow(named('ingest.commit')[0], call), 'the commit is below the call').to.equal(true);
    expect(
      isBelow(named('insert update-learner')[0], named('ingest.commit')[0]),
      'the send is below the commit',
    ).to.equal(true);
    expect(isBelow(job, named('insert update-learner')[0]), 'the job is below its send').to.equal(true);
    expect(
      spans.some((span) => span.name.includes('.') && span.parentSpanId === job?.spanId),
      'its statements are below it',
    ).to.equal(true);
    expect(received).to.not.include(userId);
  });

  it('are off without the setting: nothing is sent, and jobs carry nothing', async () => {
    await start({});
    const sent = received.length;
    const reader = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    const contexts = async (): Promise<unknown> => (await reader.reader.query(selectContexts))[0];
    try {
      const before = await contexts();
      await track({ traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` });
      expect(await contexts()).to.deep.equal(before);
    } finally {
      await reader.close();
    }
    expect(received.length).to.equal(sent);
  });
});
