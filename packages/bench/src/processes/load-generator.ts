// The load generator: takes one order at a time from its parent, prepares it, waits for the word, and says what came of it.
import { openConnection } from '../load/connection.ts';
import type { Connection } from '../load/connection.ts';
import { drive } from '../load/drive.ts';
import type { FromGenerator, LoadOrder, ToGenerator } from '../load/load-order.ts';
import { prepareCalls } from '../load/prepare-calls.ts';
import type { PreparedCall } from '../load/prepare-calls.ts';

type Prepared = {
  readonly order: LoadOrder;
  readonly calls: readonly PreparedCall[];
  readonly connections: readonly Connection[];
};

function serve(say: (message: FromGenerator) => void): (message: ToGenerator) => Promise<void> {
  let prepared: Prepared | null = null;
  return async (message) => {
    if (message.kind === 'end') return process.disconnect();
    if (message.kind === 'prepare') {
      prepared = await prepare(message.order);
      return say({ kind: 'ready' });
    }
    if (prepared === null) throw new Error('nothing is prepared');
    const next = prepared;
    prepared = null;
    say({ kind: 'done', result: await run(next) });
  };
}

async function prepare(order: LoadOrder): Promise<Prepared> {
  const calls = prepareCalls(order, Date.now());
  const { hostname: host, port } = new URL(order.url);
  const open = Array.from({ length: order.connections }, () => openConnection({ host, port: Number(port) }));
  return { order, calls, connections: await Promise.all(open) };
}

async function run({ order, calls, connections }: Prepared) {
  try {
    return await drive(connections, calls, order);
  } finally {
    for (const connection of connections) connection.close();
  }
}

const say = (message: FromGenerator): void => void process.send?.(message);
const obey = serve(say);
// as: the parent is our own and sends nothing else
process.on('message', (message) => {
  obey(message as ToGenerator).catch((error: unknown) => {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
// Nobody may outlive the bench; and Ctrl-C, which a terminal sends to all, is the parent's to act on.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
