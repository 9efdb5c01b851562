import { mock } from 'node:test';
import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import type { ItemResult, RecordItem, RecordOutcome } from '@studyin/domain/services';
import { idOf } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { createGroupCommit } from '../../src/ingest/group-commit.ts';
import type { GroupCommit, GroupCommitOptions } from '../../src/ingest/group-commit.ts';
import { itemWeight } from '../../src/ingest/item-weight.ts';
import { laneOf } from '../../src/ingest/lane-of.ts';

const origin = { clientIp: null, deviceType: null };
const serverTime = '2026-01-01T00:00:00.000Z';
const itemOf = (userId: string, name: string): RecordItem => ({ userId, input: { name }, origin });
const nameOf = ({ input }: RecordItem): string => (input as { readonly name: string }).name;
const accepted = (item: RecordItem): ItemResult => ({ eventId: nameOf(item), status: 'accepted' });
const sqlError = (code: string): Error => Object.assign(new Error('refused'), { code });
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

/** Two learners of different lanes. */
const one = idOf('learner', 1);
const other = Array.from({ length: 50 }, (_, n) => idOf('learner', n + 2)).find(
  (userId) => laneOf(userId, 2) !== laneOf(one, 2),
) as string; // as: among fifty there is one

describe('the group commit', () => {
  let batches: RecordItem[][];
  /** Ends the commits that wait at the gate. */
  let open: () => void;
  let gate: Promise<void>;
  const shut = (): void => {
    gate = new Promise((resolve) => (open = resolve));
  };
  const create = (change: Partial<GroupCommitOptions> = {}): GroupCommit =>
    createGroupCommit({
      lanes: 2,
      queueItems: 1000,
      onFailure: () => undefined,
      quarantine: () => Promise.resolve(),
      commit: async (items): Promise<RecordOutcome> => {
        batches.push([...items]);
        await gate;
        return { results: items.map(accepted), serverTime };
      },
      ...change,
    });
  const namesOf = ({ results }: RecordOutcome): unknown[] => results.map(({ eventId }) => eventId);
  const begun = (commits: number): Promise<unknown> => waitFor(() => batches.length === commits, { intervalMs: 1 });

  beforeEach(() => {
    batches = [];
    gate = Promise.resolve();
  });

  it('writes calls of one turn together, and what comes during a commit in the next', async () => {
    shut();
    const group = create();
    const calls = [group.record([itemOf(one, 'a')]), group.record([itemOf(one, 'b')])];
    await begun(1);
    calls.push(group.record([itemOf(one, 'c')]), group.record([itemOf(one, 'd'), itemOf(one, 'e')]));
    expect(batches.map((batch) => batch.map(nameOf))).to.deep.equal([['a', 'b']]);
    open();
    expect((await Promise.all(calls)).map(namesOf)).to.deep.equal([['a'], ['b'], ['c'], ['d', 'e']]);
    expect(batches.map((batch) => batch.map(nameOf))).to.deep.equal([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  it('answers a lone call without waiting for others', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }); // they stand still: with one in it the call would never end
    try {
      expect(namesOf(await create().record([itemOf(one, 'a')]))).to.deep.equal(['a']);
    } finally {
      mock.timers.reset();
    }
  });

  it('keeps a learner to one lane, whatever the case of their id, and joins a call that spans lanes in its order', async () => {
    const group = create();
    const items = [itemOf(one, 'a'), itemOf(other, 'b'), itemOf(one.toUpperCase(), 'c'), itemOf(other, 'd')];
    expect(namesOf(await group.record(items))).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(batches.map((batch) => batch.map(nameOf).join())).to.have.members(['a,c', 'b,d']);
  });

  it('never puts more into a transaction than allowed, and keeps a call’s items together', async () => {
    shut();
    const group = create({ batchItems: 4 });
    const call = (size: number): Promise<RecordOutcome> =>
      group.record(Array.from({ length: size }, (_, n) => itemOf(one, `${size}-${n}`)));
    const calls = [call(1)];
    await begun(1);
    calls.push(call(3), call(2), call(9));
    open();
    const outcomes = await Promise.all(calls);
    expect(outcomes.map(({ results }) => results.length)).to.deep.equal([1, 3, 2, 9]);
    expect(namesOf(outcomes[3] as RecordOutcome)).to.deep.equal(Array.from({ length: 9 }, (_, n) => `9-${n}`));
    expect(batches.map((batch) => batch.length)).to.deep.equal([1, 3, 2, 4, 4, 1]);
  });

  it('refuses what does not fit into the queue, tells of it, and takes calls again when there is room', async () => {
    shut();
    const refused: number[] = [];
    const group = create({ queueItems: 3, onOverload: ({ items }) => refused.push(items) });
    const running = group.record([itemOf(one, 'a'), itemOf(one, 'b')]);
    expect(group.queued()).to.equal(2);
    const error = await group.record([itemOf(other, 'c'), itemOf(other, 'd')]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(DomainError).and.have.property('code', 'too_many_requests');
    expect(refused).to.deep.equal([2]);
    open();
    await running;
    expect(group.queued()).to.equal(0);
    // and one that is larger than the queue, when it is empty
    const four = ['c', 'd', 'e', 'f'].map((name) => itemOf(other, name));
    expect(namesOf(await group.record(four))).to.deep.equal(['c', 'd', 'e', 'f']);
  });

  it('counts a large item as several', () => {
    expect(itemWeight({ a: 1, b: null, c: undefined, d: [true, 'x'] })).to.equal(1);
    expect(itemWeight({ properties: { text: 'x'.repeat(10_000) } })).to.be.within(10, 11);
    expect(itemWeight(Array.from({ length: 1_024 }, () => 'abcd'))).to.be.within(20, 21);
    expect(itemWeight(null)).to.equal(1);
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
    expect(itemWeight(deep)).to.be.above(500);
  });

  it('isolates an item that cannot be stored: it alone is rejected, wherever it stands', async () => {
    const names = Array.from({ length: 11 }, (_, n) => `n${n}`);
    for (const bad of names) {
      const failures: number[] = [];
      const quarantined: unknown[] = [];
      const group = create({
        quarantine: (item, { reason }) => {
          quarantined.push([nameOf(item), reason]);
          return Promise.resolve();
        },
        onFailure: ({ items }) => failures.push(items),
        commit: async (items) => {
          await Promise.resolve();
          if (items.some((item) => nameOf(item) === bad)) throw sqlError('22P05');
          return { results: items.map(accepted), serverTime };
        },
      });
      const outcomes = await Promise.all(names.map((name) => group.record([itemOf(one, name)])));
      expect(outcomes.map(({ results }) => results[0]?.status)).to.deep.equal(
        names.map((name) => (name === bad ? 'rejected' : 'accepted')),
      );
      expect(failures.length).to.be.within(2, 6);
      expect(quarantined).to.deep.equal([[bad, 'invalid']]);
    }
  });

  it('throws a fault of ours only to the call whose item meets it', async () => {
    const group = create({
      commit: async (items) => {
        await Promise.resolve();
        if (items.some((item) => nameOf(item) === 'bad')) throw new TypeError('a bug');
        return { results: items.map(accepted), serverTime };
      },
    });
    const calls = [['a', 'b'], ['c', 'bad', 'd'], ['e']].map((names) =>
      group.record(names.map((name) => itemOf(one, name))).then(
        ({ results }) => results.map(({ status }) => status),
        (error: unknown) => (error as Error).name,
      ),
    );
    expect(await Promise.all(calls)).to.deep.equal([['accepted', 'accepted'], 'TypeError', ['accepted']]);
    expect(group.queued()).to.equal(0);
  });

  it('fails all without trying each where the whole database fails', async () => {
    for (const [thrown, code] of [
      [new DomainError('unavailable', 'away'), 'unavailable'],
      [sqlError('53100'), 'unavailable'],
      [sqlError('25006'), 'unavailable'],
      [sqlError('42501'), '42501'],
    ] as const) {
      let commits = 0;
      const group = create({
        commit: () => {
          commits += 1;
          return Promise.reject(thrown);
        },
      });
      const calls = ['a', 'b', 'c'].map((name) => group.record([itemOf(one, name)]).catch(codeOf));
      expect(await Promise.all(calls)).to.deep.equal([code, code, code]);
      expect(commits).to.equal(1);
    }
  });

  it('stops splitting when the database goes away meanwhile', async () => {
    let commits = 0;
    const group = create({
      commit: () => {
        commits += 1;
        return Promise.reject(commits === 1 ? new TypeError('a bug') : new DomainError('unavailable', 'away'));
      },
    });
    const calls = ['a', 'b', 'c', 'd'].map((name) => group.record([itemOf(one, name)]).catch(codeOf));
    expect(new Set(await Promise.all(calls))).to.deep.equal(new Set(['unavailable']));
    expect(commits).to.equal(2);
  });

  it('says when nothing is queued any more, and does not wait for ever', async () => {
    const group = create();
    await group.settled(1_000);
    shut();
    const running = group.record([itemOf(one, 'a')]);
    const started = performance.now();
    await group.settled(20);
    expect(performance.now() - started).to.be.at.least(15);
    expect(group.queued()).to.equal(1);
    const settled = group.settled(5_000).then(() => group.queued());
    open();
    await running;
    expect(await settled).to.equal(0);
  });
});
