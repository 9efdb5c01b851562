// Any order of arrival, with any repetitions, ends in the same rows: many random learners at once, so that it can be tried often.
import { expect } from 'chai';
import fc from 'fast-check';
import { recordEvents, updateLearner, updateLearners, verify } from '@studyin/domain/services';
import type { RecordItem } from '@studyin/domain/services';
import { createDice } from '@studyin/testkit/dice';
import type { Dice } from '@studyin/testkit/dice';
import { randomArrival, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { rowsOfLearners } from './learner-rows.ts';
import { activateTestModel } from './test-model.ts';
import { openVerifyDomain, sql, startMs } from './verify-domain.ts';

const RUNS = 5;
const LEARNERS_A_RUN = 50;
const LANES = 3;

type Learner = { readonly seed: number; readonly userId: string; readonly items: readonly HistoryItem[] };

function learnerOf(seed: number): Learner {
  return { seed, userId: idOf('learner', seed), items: randomHistory({ seed, startMs }) };
}

/** What arrives together: a batch of each learner who has one left, all their items mixed. */
function roundsOf(learners: readonly Learner[]): readonly (readonly RecordItem[])[] {
  const arrivals = learners.map(({ seed, userId, items }) =>
    randomArrival(items, { seed: seed + 1 }).map((batch) => batch.map((item) => ({ ...item, userId }))),
  );
  const rounds = Math.max(...arrivals.map((batches) => batches.length));
  const dice = createDice(learners[0]?.seed ?? 0);
  return Array.from({ length: rounds }, (_, n) => dice.shuffle(arrivals.flatMap((batches) => batches[n] ?? [])));
}

async function record({ app }: TestDomain, items: readonly RecordItem[]): Promise<void> {
  const { results } = await recordEvents(app, items);
  expect(results.filter(({ status }) => status !== 'accepted' && status !== 'duplicate')).eql([]);
}

async function updateAll({ app }: TestDomain, learners: readonly Learner[]): Promise<void> {
  const next = learners.values();
  const lane = async (): Promise<void> => {
    for (const { userId } of next) await updateLearner(app, { userId });
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

describe('the order of arrival', function () {
  this.timeout(180_000);
  let inOrder: TestDomain;
  let anyOrder: TestDomain;
  before(async () => {
    inOrder = await openVerifyDomain();
    anyOrder = await openVerifyDomain();
  });
  after(async () => {
    await inOrder.close();
    await anyOrder.close();
  });

  const useModel = async (version: number): Promise<void> => {
    for (const domain of [inOrder, anyOrder]) await activateTestModel(domain, version);
  };

  const recordInOrder = async (learners: readonly Learner[]): Promise<void> => {
    await record(
      inOrder,
      learners.flatMap(({ userId, items }) => items.map((item) => ({ ...item, userId }))),
    );
    await updateAll(inOrder, learners);
  };

  // Now and then several at once, as a night does it.
  const updateSome = async (chosen: readonly Learner[], dice: Dice): Promise<void> => {
    if (dice.chance(0.5)) return updateAll(anyOrder, chosen);
    const userIds = dice.shuffle(chosen).map(({ userId }) => userId);
    await updateLearners(anyOrder.app, userIds);
  };

  const recordInAnyOrder = async (learners: readonly Learner[]): Promise<void> => {
    const dice = createDice(learners.at(-1)?.seed ?? 0);
    for (const round of roundsOf(learners)) {
      await record(anyOrder, round);
      await updateSome(
        learners.filter(() => dice.chance(0.25)),
        dice,
      );
    }
    await updateSome(learners, dice);
  };

  const changesNoRow = async (): Promise<void> => {
    const seeds = fc.uniqueArray(fc.nat(0x7fffffff), { minLength: LEARNERS_A_RUN, maxLength: LEARNERS_A_RUN });
    const property = fc.asyncProperty(seeds, async (chosen) => {
      const learners = chosen.map(learnerOf);
      await Promise.all([recordInOrder(learners), recordInAnyOrder(learners)]);
      const userIds = learners.map(({ userId }) => userId);
      const expected = await rowsOfLearners(inOrder, userIds);
      for (const [table, rows] of Object.entries(await rowsOfLearners(anyOrder, userIds))) {
        expect(rows, table).eql(expected[table]);
      }
      for (const { app } of [inOrder, anyOrder]) {
        const { ok, checked, invariants } = await verify(app, { userIds });
        expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
        expect(checked).include({ learners: LEARNERS_A_RUN, pending: 0 });
      }
    });
    // A smaller seed is not a smaller history: there is nothing to shrink. The seeds of a failing run are in its report.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true });
  };

  const histories = `${RUNS * LEARNERS_A_RUN} random histories, whose rows are those that brute force finds`;
  it(`changes no row of ${histories}`, changesNoRow);

  it(`changes no row of ${histories}, under a version of the mastery model`, async () => {
    await useModel(1);
    await changesNoRow();
    const [kept] = await sql<{ ready: number }>(
      inOrder,
      `select count(readiness)::int as ready from user_learning_metrics`,
    );
    expect(kept?.ready).greaterThan(0);
  });
});
