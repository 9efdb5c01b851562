import { expect } from 'chai';
import { mintIds } from '../src/mint-ids.ts';
import { timeOf, waitingAct } from './acts.ts';

const nowMs = 1_800_000_000_000;

describe('minting ids', () => {
  it('takes the time of the capture, corrected by the offset', () => {
    const acts = [waitingAct('weeks ago', { capturedAtMs: nowMs - 30 * 86_400_000 })];
    for (const offsetMs of [0, -3_600_000, 3_600_000]) {
      const [act] = mintIds(acts, { offsetMs, nowMs });
      expect(timeOf(act?.eventId)).equal(nowMs - 30 * 86_400_000 + offsetMs);
    }
  });

  it('lets nothing happen after now, as on a clock that was set back meanwhile', () => {
    const [act] = mintIds([waitingAct('early', { capturedAtMs: nowMs + 3_600_000 })], { offsetMs: 20, nowMs });
    expect(timeOf(act?.eventId)).equal(nowMs + 20);
  });

  it('stays within what an id can hold', () => {
    const acts = [waitingAct('early', { capturedAtMs: 0 }), waitingAct('late', { capturedAtMs: 2 ** 52 })];
    const times = mintIds(acts, { offsetMs: -1000, nowMs: 2 ** 52 }).map(({ eventId }) => timeOf(eventId));
    expect(times).deep.equal([0, 2 ** 48 - 1]);
  });

  it('leaves an id alone that is there', () => {
    const act = waitingAct('sent', { eventId: 'its id' });
    expect(mintIds([act], { offsetMs: 5, nowMs })).deep.equal([act]);
  });

  it('keeps the order of acts within one millisecond', () => {
    const acts = Array.from({ length: 100 }, (_, n) => waitingAct(`${n}`, { capturedAtMs: nowMs - (n < 50 ? 1 : 0) }));
    const ids = mintIds(acts, { offsetMs: 0, nowMs }).map(({ eventId }) => eventId ?? '');
    expect(ids.toSorted()).deep.equal(ids);
    expect(new Set(ids).size).equal(100);
  });
});
