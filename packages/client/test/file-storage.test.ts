import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { QueueStorage, WaitingAct } from '@studyin/client';
import { fileStorage } from '@studyin/client/file-storage';
import { readJournal } from '../src/node/journal-lines.ts';
import { waitingAct } from './acts.ts';

describe('the files of a storage', () => {
  let folder: string;
  const opened: QueueStorage[] = [];
  const open = (): QueueStorage => {
    const storage = fileStorage({ folder });
    opened.push(storage);
    return storage;
  };
  const files = (): readonly string[] => readdirSync(folder);
  const journal = (): string => join(folder, files()[0] ?? '');
  /** What a process leaves that ends like this, and the next one finds. */
  const foundIn = async (text: Uint8Array): Promise<readonly WaitingAct[]> => {
    writeFileSync(join(folder, 'free.0123456789abcdef.journal'), text);
    const storage = open();
    const found = await storage.claim();
    await storage.remove(found.map(({ key }) => key));
    await storage.release();
    expect(files()).deep.equal([]);
    return found;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'studyin-queue-'));
  });
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.release();
    rmSync(folder, { recursive: true });
  });

  it('hold, cut off at whatever byte, what was written in full before it', async () => {
    const acts = [waitingAct('a'), waitingAct('ü'), waitingAct('c')];
    const withId = acts.slice(0, 2).map((act) => ({ ...act, eventId: 'its id' }));
    const storage = open();
    await storage.add(acts);
    await storage.saveIds(withId);
    await storage.remove([withId[0]?.key ?? '']);
    const whole = readFileSync(journal());
    const [a, b, c] = acts;
    const states = [[], [a], [a, b], [a, b, c], [withId[0], b, c], [withId[0], withId[1], c], [withId[1], c]];
    await storage.release();
    rmSync(journal());
    for (let bytes = 0; bytes <= whole.length; bytes += 1) {
      const written = whole.subarray(0, bytes);
      const lines = written.filter((byte) => byte === 0x0a).length;
      // all of a line but its end is a line
      const isWhole = whole[bytes] === 0x0a;
      const expected = states[lines + (isWhole ? 1 : 0)];
      expect([...readJournal(written.toString()).values()], `${bytes} bytes`).deep.equal(expected);
      if (bytes % 29 === 0) expect(await foundIn(written), `${bytes} bytes in a file`).deep.equal(expected);
    }
  });

  it('hold what is sound around a place that is not', async () => {
    const acts = [waitingAct('a'), waitingAct('b'), waitingAct('c')];
    const storage = open();
    await storage.add(acts);
    const lines = readFileSync(journal(), 'utf8').split('\n');
    await storage.release();
    rmSync(journal());
    const spoilt = lines.with(1, `${lines[1]?.replace('"b"', '"x"')}`);
    expect(await foundIn(Buffer.from(spoilt.join('\n')))).deep.equal([acts[0], acts[2]]);
    expect(await foundIn(Buffer.concat([Buffer.alloc(5000), Buffer.from(`\n${lines.join('\n')}`)]))).deep.equal(acts);
  });

  it('are gone when nothing waits any more', async () => {
    const storage = open();
    const act = waitingAct('a');
    await storage.add([act]);
    await storage.remove([act.key]);
    await storage.release();
    expect(files()).deep.equal([]);
  });

  it('do not grow with what has been', async () => {
    const storage = fileStorage({ folder, compactAfterLines: 100 });
    opened.push(storage);
    const kept = waitingAct('kept');
    await storage.add([kept]);
    for (let n = 0; n < 80; n += 1) {
      const act = waitingAct(`${n}`);
      await storage.add([act]);
      await storage.remove([act.key]);
      expect(files()).length(1);
      expect(readFileSync(journal(), 'utf8').split('\n').length).below(110);
    }
    await storage.release();
    expect(await open().claim()).deep.equal([kept]);
  });

  describe('of another process', () => {
    const act = waitingAct('a');
    const ended = (): number => spawnSync(process.execPath, ['-e', '']).pid;

    /** A journal that says it is another's; `owner` makes of this process's own the text of that. */
    async function leave(owner: (own: string) => string, { silentMs = 0 } = {}): Promise<void> {
      const storage = fileStorage({ folder });
      opened.push(storage);
      await storage.add([act]);
      const [name = ''] = files();
      const [own = '', id] = name.split('.');
      const path = join(folder, `${owner(own)}.${id}.journal`);
      renameSync(join(folder, name), path);
      const touchedAt = new Date(Date.now() - silentMs);
      utimesSync(path, touchedAt, touchedAt);
    }

    it('are claimed once that process has ended', async () => {
      await leave((own) => own.replace(`-${process.pid}-`, `-${ended()}-`));
      expect(await open().claim()).deep.equal([act]);
    });

    it('are claimed where a later process has its id', async function () {
      if (process.platform !== 'linux') this.skip();
      await leave((own) => own.replace(/-\d*$/, '-1'));
      expect(await open().claim()).deep.equal([act]);
    });

    for (const [silentMs, claimed] of [
      [30_000, []],
      [90_000, [act]],
    ] as const) {
      it(`in another container are ${claimed.length ? '' : 'not '}claimed after ${silentMs / 1000} s of silence`, async () => {
        await leave((own) => own.replace(/^\w+/, '0123456789ab'), { silentMs });
        expect(await open().claim()).deep.equal(claimed);
      });
    }

    it('are cleared away where they are only a draft', async () => {
      writeFileSync(join(folder, `0123456789ab-1-1.0123456789abcdef.journal.draft`), 'half');
      writeFileSync(join(folder, `free.0123456789abcdef.journal.draft`), 'half');
      await open().claim();
      expect(files()).deep.equal(['0123456789ab-1-1.0123456789abcdef.journal.draft']);
    });
  });

  it('may be taken from a process that was thought dead: it sends nothing of them, and stores anew', async () => {
    const storage = open();
    const [taken, added] = [waitingAct('taken'), waitingAct('added')];
    await storage.add([taken]);
    renameSync(journal(), join(folder, 'free.0123456789abcdef.journal'));
    const other = open();
    expect(await other.claim()).deep.equal([taken]);
    expect(await storage.saveIds([{ ...taken, eventId: 'its id' }])).deep.equal([]);
    await storage.add([added]);
    expect(await storage.saveIds([{ ...added, eventId: 'its id' }])).length(1);
    expect(await other.saveIds([{ ...taken, eventId: 'another id' }])).length(1);
  });

  it('hold, after writes that failed half-way, what was stored and nothing else', () => {
    const script = fileURLToPath(new URL('full-disk.ts', import.meta.url));
    // The limit of a file's size stands for a disk that is full: a write reaches so far and no further.
    const command = `trap '' XFSZ; ulimit -f 16; exec "$0" --conditions=@studyin/source "$1" "$2"`;
    const child = spawnSync('bash', ['-c', command, process.execPath, script, folder], { encoding: 'utf8' });
    expect(child).include({ status: 0, stderr: '' });
    const { failures, ...told } = JSON.parse(child.stdout) as Readonly<Record<string, unknown>>; // as: what the script prints
    expect(failures).above(3);
    expect(told['found']).deep.equal(told['stored']);
  });
});
