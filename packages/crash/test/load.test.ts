// The clients of the crash tests against two servers that misbehave on purpose.
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { createLedger } from '../src/load/ledger.ts';
import type { ItemAnswer, Ledger } from '../src/load/ledger.ts';
import { startLoad } from '../src/load/load.ts';
import type { Load } from '../src/load/load.ts';
import { sentItem } from './items.ts';

const bodyOf = (answers: readonly ItemAnswer[]): string =>
  JSON.stringify({ result: { data: { json: { results: answers } } } });
const accepts = (...statuses: readonly string[]): RequestListener => {
  let call = 0;
  return (_request, response) => {
    const status = statuses[Math.min(call, statuses.length - 1)] ?? 'accepted';
    call += 1;
    response.end(bodyOf([{ eventId: 'event-1', status }]));
  };
};
const refuses =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end('{}');

describe('a client of the crash tests', () => {
  const servers: Server[] = [];
  let ledger: Ledger;
  let load: Load;

  /** A load that sends nothing by itself, on servers that answer like this. */
  const open = async (...listeners: readonly RequestListener[]): Promise<void> => {
    const apis: string[] = [];
    for (const listener of listeners) {
      const server = createServer(listener).listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      const { port } = server.address() as AddressInfo; // not a string: it listens on TCP
      apis.push(`http://127.0.0.1:${port}`);
    }
    ledger = createLedger();
    const source = { next: () => ({ learner: 0, wire: [], items: [] }) };
    load = startLoad({ source, ledger, apis, tokens: [], lanes: 0, itemsASecond: 1 });
  };
  const deliver = () => load.deliver({ token: '', wire: [{}], items: [sentItem(1)] });

  afterEach(async () => {
    await load.stop();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('acknowledges what a whole answer says, and knows later that it was lost', async () => {
    await open(accepts('accepted', 'duplicate', 'accepted'));
    await deliver();
    expect([ledger.count(), ledger.recovered(), ledger.wasSent('event-1')]).eql([1, 0, true]);
    await deliver();
    expect([ledger.count(), ledger.lost()]).eql([1, []]);
    await deliver();
    expect([ledger.count(), ledger.lost()]).eql([1, ['event-1']]);
    expect([load.tally.tries, load.acknowledgedBy(0), load.underWay(0)]).eql([3, 3, 0]);
  });

  it('takes an answer that breaks off for none, and sends the same to the other one', async () => {
    const breaksOff: RequestListener = (_request, response) => {
      const body = bodyOf([{ eventId: 'event-1', status: 'accepted' }]);
      response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, -1), () => response.destroy());
    };
    await open(breaksOff, accepts('duplicate'));
    await deliver();
    expect([ledger.count(), ledger.recovered()]).eql([1, 1]);
    expect(load.tally).include({ tries: 2, cut: 1, failedTwice: 0 });
    expect([load.acknowledgedBy(0), load.acknowledgedBy(1)]).eql([0, 1]);
  });

  it('comes again after 503 until it is answered, and counts a call that failed twice', async () => {
    let calls = 0;
    const late: RequestListener = (request, response) => {
      calls += 1;
      (calls < 3 ? refuses(503) : accepts('accepted'))(request, response);
    };
    await open(late);
    await deliver();
    expect([ledger.count(), load.tally.unavailable, load.tally.failedTwice]).eql([1, 2, 1]);
  });

  it('gives up only when it is told to', async () => {
    await open(refuses(503));
    const delivered = deliver();
    await load.abandon();
    await delivered;
    expect([ledger.count(), load.tally.faults, load.tally.tries > 0]).eql([0, [], true]);
  });

  it('holds every other status, and every other word about an item, against the API', async () => {
    await open(refuses(500));
    await deliver();
    expect([ledger.count(), load.tally.faults]).eql([0, ['an API answered 500']]);
    await open(accepts('rejected'));
    await deliver();
    expect([ledger.count(), ledger.refused()]).eql([0, ['event-1: rejected']]);
  });
});
