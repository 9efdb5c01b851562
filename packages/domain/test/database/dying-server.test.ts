// A server that dies in the same moment in which it takes a connection, or in which it has answered a statement.
import { connect as dial, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { createJobs } from '@studyin/domain/jobs';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';

/** ReadyForQuery, idle: the end of every answer of the server. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** An ErrorResponse as a backend sends it whose postmaster is gone. */
function farewell(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

type Door = { readonly url: string; dieAfter(answers: number): void; close(): void };

/** Passes everything on, until after so many answers it says farewell with the last of them, in one piece, and hangs up. */
async function openDoor(databaseUrl: string): Promise<Door> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let left = Infinity;
  const server: Server = createServer((incoming) => {
    const outgoing = dial(Number(target.port), target.hostname);
    for (const socket of [incoming, outgoing]) sockets.add(socket.on('error', () => undefined));
    incoming.pipe(outgoing);
    outgoing.on('data', (data: Buffer) => {
      if (data.subarray(-READY.length).equals(READY)) left -= 1;
      if (left > 0) return void incoming.write(data);
      incoming.end(Buffer.concat([data, farewell()]));
      outgoing.destroy();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`; // as: it listens on TCP
  return {
    url: url.href,
    dieAfter: (answers) => (left = answers),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const one = statement('test.one', 'select 1 as one');

describe('a server that dies as it answers', () => {
  const database = useTestDatabase();
  let door: Door;
  beforeEach(async () => {
    door = await openDoor(database().url);
  });
  afterEach(() => door.close());

  const survives = async (answers: number): Promise<void> => {
    const pool = connect({ url: door.url, applicationName: 'dying-server-test', poolSize: 1 });
    try {
      door.dieAfter(answers);
      const outcome = await pool.reader.query(one).catch((error: unknown) => error);
      if (!Array.isArray(outcome)) expect(outcome).instanceOf(DomainError).property('code', 'unavailable');
      door.dieAfter(Infinity);
      await waitFor(async () => (await pool.transaction((tx) => tx.query(one))).length === 1);
    } finally {
      await pool.close();
    }
  };

  it('as it takes a connection ends no process, and is used again when it is back', () => survives(1));
  it('as it answers the first statements of a connection ends no process either', async () => {
    await survives(2);
    await survives(3);
  });

  it('ends no process that only sends jobs either', async () => {
    const stray: Error[] = [];
    const options = { url: door.url, applicationName: 'dying-server-test', mode: 'send' } as const;
    const jobs = createJobs({ ...options, onError: (error) => stray.push(error) });
    await jobs.start();
    try {
      door.dieAfter(1);
      await jobs.boss.getQueues().catch(() => undefined);
      door.dieAfter(Infinity);
      await waitFor(async () => (await jobs.boss.getQueues()).length > 0);
    } finally {
      await jobs.stop(1_000);
    }
  });
});
