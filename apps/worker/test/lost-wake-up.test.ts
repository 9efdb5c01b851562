// Writers and worker race for the same few learners: a job that is queued already swallows the next one, so an answer that
// commits at the wrong moment could wait for ever. The learner's row, which both lock, is what prevents it.
import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import {
  addTopic,
  answer,
  endProcess,
  listStale,
  recordOneByOne,
  spawnWorker,
  startTestWorker,
  untilIdle,
} from './worker-domain.ts';

const RUNS = 10;
const LEARNERS = 3;
const WRITERS = 6;
const ANSWERS_A_WRITER = 10;

describe('writers and a worker at the same time', function () {
  this.timeout(60_000);
  let domain: TestDomain;

  beforeEach(async () => {
    domain = await openTestDomain();
    await addTopic(domain);
  });
  afterEach(() => domain.close());

  /** Each writer answers for all learners in turn, so that every learner always has several writers. */
  const race = async (run: number): Promise<void> => {
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      recordOneByOne(
        domain,
        Array.from({ length: ANSWERS_A_WRITER }, (_unused, n) =>
          answer((writer + n) % LEARNERS, (run * WRITERS + writer) * ANSWERS_A_WRITER + n),
        ),
      ),
    );
    await Promise.all(writers);
    await untilIdle(domain);
  };

  it(`leave no answer out of mastery in ${RUNS} runs of a worker in this process`, async () => {
    const worker = await startTestWorker(domain);
    try {
      for (let run = 0; run < RUNS; run += 1) {
        await race(run);
        expect(await listStale(domain), `run ${run}`).eql([]);
      }
    } finally {
      await worker.stop();
    }
    expect(domain.strayErrors).eql([]);
  });

  it('leave no answer out of mastery when the worker is a process of its own', async () => {
    const worker: ChildProcess = await spawnWorker(domain);
    try {
      for (let run = 0; run < 3; run += 1) {
        await race(run);
        expect(await listStale(domain), `run ${run}`).eql([]);
      }
    } finally {
      expect(await endProcess(worker, 'SIGTERM')).equal(0);
    }
  });
});
