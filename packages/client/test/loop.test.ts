import { expect } from 'chai';
import { createLoop } from '../src/loop.ts';
import type { Loop } from '../src/loop.ts';
import { waitFor } from '@studyin/testkit/wait-for';

describe('a loop', () => {
  let steps: number;
  let failing: number;
  let wanted: number;
  let waits: (() => void)[];
  let errors: unknown[];

  /** Its timers end when the test says so. */
  function createTestLoop(): Loop {
    return createLoop({
      isWanted: () => wanted > 0,
      step: async () => {
        await Promise.resolve();
        steps += 1;
        if (steps <= failing) throw new Error(`failure ${steps}`);
        wanted -= 1;
        return false;
      },
      onError: (error) => errors.push(error),
      startTimer: (end) => {
        waits.push(end);
        return () => undefined;
      },
    });
  }
  const until = (question: () => boolean): Promise<unknown> => waitFor(question, { intervalMs: 1 });
  beforeEach(() => {
    [steps, failing, wanted] = [0, 0, 1];
    [waits, errors] = [[], []];
  });

  it('steps as often as is wanted, however often it is started', async () => {
    const loop = createTestLoop();
    wanted = 3;
    loop.start();
    loop.start();
    await until(() => wanted === 0);
    loop.start();
    await loop.end();
    expect(steps).equal(3);
  });

  it('waits after a failure, and says what failed', async () => {
    failing = 1;
    const loop = createTestLoop();
    loop.start();
    await until(() => waits.length === 1);
    loop.start();
    expect({ steps, errors: errors.map(String) }).deep.equal({ steps: 1, errors: ['Error: failure 1'] });
    waits[0]?.();
    await until(() => wanted === 0);
    await loop.end();
  });

  it('tries again at once when it is woken', async () => {
    failing = 5;
    const loop = createTestLoop();
    loop.start();
    await until(() => {
      loop.wake();
      return wanted === 0;
    });
    await loop.end();
    expect(steps).equal(6);
  });

  it('ends, though it waits', async () => {
    failing = Infinity;
    const loop = createTestLoop();
    loop.start();
    await until(() => waits.length === 1);
    await loop.end();
    loop.start();
    await loop.end();
    expect(steps).equal(1);
  });
});
