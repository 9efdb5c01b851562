import { expect } from 'chai';
import { alternateRounds } from '../src/measure/alternate-rounds.ts';
import type { Measured, Side } from '../src/measure/alternate-rounds.ts';

const { signal } = new AbortController();
const quiet = (): void => undefined;
const good = (rate: number): Measured => ({ rate, fault: null });

describe('alternating rounds', () => {
  it('warm up with one pair that does not count, and change which side begins', async () => {
    const order: Side[] = [];
    const rates = { product: [1000, 1, 2, 3], limit: [1, 10, 10, 10] };
    const measure = (side: Side): Promise<Measured> => {
      order.push(side);
      return Promise.resolve(good(rates[side].shift() ?? Number.NaN));
    };
    const found = await alternateRounds(measure, { rounds: 3, signal, onRound: quiet });
    expect(found.ratio.median).to.equal(0.2);
    expect(found.rounds).to.equal(3);
    const [one, other] = ['product', 'limit'] as const;
    expect(order).to.deep.equal([one, other, other, one, one, other, other, one]);
  });

  it('do not count a round with a fault, and say so', async () => {
    const faults = [null, null, '2 of 9 calls failed', null, null];
    const lines: string[] = [];
    const measure = (side: Side): Promise<Measured> =>
      Promise.resolve(side === 'limit' ? good(10) : { rate: 5, fault: faults.shift() ?? null });
    const found = await alternateRounds(measure, { rounds: 2, signal, onRound: (line) => void lines.push(line) });
    expect(found.rounds).to.equal(2);
    expect(found.failed).to.deep.equal(['2 of 9 calls failed']);
    expect(lines).to.deep.equal([
      'round 1/2: 0.500 of the limit',
      'round 1/2: 2 of 9 calls failed',
      'round 2/2: 0.500 of the limit',
    ]);
  });

  it('take what a side throws for a fault, and give up after too many', async () => {
    const measure = (side: Side): Promise<Measured> =>
      side === 'limit' ? Promise.resolve(good(1)) : Promise.reject(new Error('broken'));
    const error = await alternateRounds(measure, { rounds: 2, signal, onRound: quiet }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property('message', '4 rounds failed, the last one: product: broken');
  });

  it('end when they are told to', async () => {
    const ending = new AbortController();
    const measure = (): Promise<Measured> => {
      ending.abort(new Error('enough'));
      return Promise.resolve(good(1));
    };
    const options = { rounds: 2, signal: ending.signal, onRound: quiet };
    expect(await alternateRounds(measure, options).catch((thrown: unknown) => thrown)).to.have.property(
      'message',
      'enough',
    );
  });
});
