// Run by killed.test.ts, and killed: tracks acts without end and tells each once it is captured.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@studyin/client';
import { fileStorage } from '@studyin/client/file-storage';
import { createDice } from '@studyin/testkit/dice';
import { namedEvent } from './acts.ts';

const [url = '', folder = '', seed = ''] = process.argv.slice(2);
const dice = createDice(Number(seed));
const client = createClient({
  url,
  token: 'a.b.c',
  storage: fileStorage({ folder, compactAfterLines: 30 }),
  queue: { batchItems: 3, batchMs: 20 },
});
// synchronous: what is told is in the pipe, whatever comes next
const tell = (line: string): number => writeSync(1, `${line}\n`);

tell('ready');
for (let n = 0; ; n += 1) {
  const act = `act-${process.pid}-${n}-${crypto.randomUUID().slice(0, 8)}`;
  const { stored } = client.track.event(namedEvent(act));
  void stored.then(() => tell(act));
  // now a burst, now one by one
  if (n % 7 === 0) await stored;
  else if (n % 5 === 0) await sleep(dice.next() * 4);
}
