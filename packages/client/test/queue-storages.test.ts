// What the queue asks of a storage, and whether those that survive keep it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import 'fake-indexeddb/auto';
import type { QueueStorage, WaitingAct } from '@studyin/client';
import { fileStorage } from '@studyin/client/file-storage';
import { indexedDbStorage } from '@studyin/client/indexeddb-storage';
import { waitingAct } from './acts.ts';

type Kind = { readonly name: string; readonly open: (place: string) => QueueStorage };

const kinds: readonly Kind[] = [
  { name: 'files', open: (place) => fileStorage({ folder: place, compactAfterLines: 8 }) },
  { name: 'IndexedDB', open: (place) => indexedDbStorage({ name: place }) },
];
const byName = (acts: readonly WaitingAct[]) => acts.toSorted((a, b) => a.key.localeCompare(b.key));

for (const { name, open } of kinds) {
  describe(`a storage in ${name}`, () => {
    let place: string;
    let opened: QueueStorage[];
    const openOne = (): QueueStorage => {
      const storage = open(place);
      opened.push(storage);
      return storage;
    };
    const reopened = async (storage: QueueStorage): Promise<readonly WaitingAct[]> => {
      await storage.release();
      return openOne().claim();
    };
    beforeEach(() => {
      place = mkdtempSync(join(tmpdir(), 'studyin-queue-'));
      opened = [];
    });
    afterEach(async () => {
      for (const storage of opened) await storage.release();
      rmSync(place, { recursive: true });
    });

    it('holds nothing at first', async () => {
      expect(await openOne().claim()).deep.equal([]);
    });

    it('gives back to the next claimant what was added, as it was, and once', async () => {
      const acts = [waitingAct('a'), waitingAct('b', { eventId: 'id', isReminted: true })];
      const storage = openOne();
      await storage.add(acts);
      await storage.release();
      const [first, second] = [openOne(), openOne()];
      const claimed = await Promise.all([first.claim(), second.claim()]);
      expect(byName(claimed.flat())).deep.equal(byName(acts));
      expect(await openOne().claim()).deep.equal([]);
    });

    it('keeps to its owner what a living one holds', async () => {
      const storage = openOne();
      await storage.add([waitingAct('a')]);
      expect(await openOne().claim()).deep.equal([]);
      expect(await storage.claim()).deep.equal([]);
    });

    it('knows the ids that were saved, and says that it still holds their acts', async () => {
      const storage = openOne();
      const acts = [waitingAct('a'), waitingAct('b')];
      await storage.add(acts);
      const minted = acts.map((act, n) => ({ ...act, eventId: `id ${n}`, isReminted: n === 1 }));
      expect(await storage.saveIds(minted)).deep.equal(minted);
      expect(byName(await reopened(storage))).deep.equal(byName(minted));
    });

    it('does not hold what it never had, and saves nothing of it', async () => {
      const storage = openOne();
      const [held, foreign] = [waitingAct('held'), waitingAct('foreign')];
      await storage.add([held]);
      const ids = [held, foreign].map((act) => ({ ...act, eventId: 'id' }));
      expect(await storage.saveIds(ids)).deep.equal(ids.slice(0, 1));
      expect(await reopened(storage)).deep.equal(ids.slice(0, 1));
    });

    it('forgets what is removed, and only that', async () => {
      const storage = openOne();
      const acts = [waitingAct('a'), waitingAct('b'), waitingAct('c')];
      await storage.add(acts);
      await storage.remove([acts[0]?.key ?? '', acts[2]?.key ?? '', 'unknown']);
      expect(await reopened(storage)).deep.equal(acts.slice(1, 2));
    });

    it('adds an act once that is added again after a failure', async () => {
      const storage = openOne();
      const act = waitingAct('a');
      await storage.add([act]);
      await storage.add([act]);
      expect(await reopened(storage)).deep.equal([act]);
    });

    it('treats what it claimed like its own', async () => {
      const first = openOne();
      const acts = [waitingAct('a'), waitingAct('b')];
      await first.add(acts);
      await first.release();
      const second = openOne();
      await second.claim();
      await second.remove([acts[0]?.key ?? '']);
      const minted = acts.slice(1).map((act) => ({ ...act, eventId: 'id' }));
      expect(await second.saveIds(minted)).deep.equal(minted);
      const added = waitingAct('c');
      await second.add([added]);
      expect(byName(await reopened(second))).deep.equal(byName([...minted, added]));
    });

    it('holds what is left after many changes', async () => {
      const storage = openOne();
      const acts = Array.from({ length: 200 }, (_, n) => waitingAct(`${n}`));
      for (let n = 0; n < acts.length; n += 10) {
        const some = acts.slice(n, n + 10);
        await storage.add(some);
        await storage.saveIds(some.map((act) => ({ ...act, eventId: `id of ${act.key}` })));
        await storage.remove(some.slice(n === 100 ? 1 : 0).map(({ key }) => key));
      }
      const [left] = acts.slice(100);
      expect(await reopened(storage)).deep.equal([{ ...left, eventId: `id of ${left?.key}` }]);
    });

    it('takes calls that are made at the same time', async () => {
      const storage = openOne();
      const acts = Array.from({ length: 30 }, (_, n) => waitingAct(`${n}`));
      await Promise.all(acts.map((act) => storage.add([act])));
      await Promise.all([
        ...acts.slice(10).map((act) => storage.saveIds([{ ...act, eventId: 'id' }])),
        ...acts.slice(0, 10).map(({ key }) => storage.remove([key])),
      ]);
      const left = await reopened(storage);
      expect(left).length(20);
      expect(new Set(left.map(({ eventId }) => eventId))).deep.equal(new Set(['id']));
    });
  });
}

describe('a storage in IndexedDB alone', () => {
  const stolen = (name: string): Promise<void> =>
    navigator.locks.query().then(async ({ held = [] }) => {
      const own = held.filter((lock) => lock.name?.startsWith(`${name} `));
      for (const lock of own) await navigator.locks.request(lock.name ?? '', { steal: true }, () => undefined);
    });

  it('leaves what it holds to another tab when its own is killed, which then may not send it', async () => {
    const name = `killed ${crypto.randomUUID()}`;
    const [killed, other] = [indexedDbStorage({ name }), indexedDbStorage({ name })];
    const act = waitingAct('a');
    await killed.add([act]);
    expect(await other.claim()).deep.equal([]);
    await stolen(name); // as the browser does with the locks of a tab that ends
    expect(await other.claim()).deep.equal([act]);
    expect(await killed.saveIds([{ ...act, eventId: 'its id' }])).deep.equal([]);
    await killed.remove([act.key]);
    expect(await other.saveIds([{ ...act, eventId: 'id' }])).length(1);
    await other.release();
  });

  it('keeps acts in memory where there is no IndexedDB', async () => {
    const { indexedDB } = globalThis as { readonly indexedDB?: unknown }; // as: put there by the import
    try {
      Object.assign(globalThis, { indexedDB: undefined });
      const storage = indexedDbStorage({ name: 'none' });
      await storage.add([waitingAct('a')]);
      expect(await storage.claim()).deep.equal([]);
    } finally {
      Object.assign(globalThis, { indexedDB });
    }
  });
});
