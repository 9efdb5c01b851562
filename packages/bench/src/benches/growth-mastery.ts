// What a learner's past costs: an answer after all others of a learner with 10,000, against one of a learner with 100, and a late one.
import { recordEvents, updateLearner } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { BenchCase, BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { createStudyHistory } from '../load/study-history.ts';
import type { StudyHistory } from '../load/study-history.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured, Side } from '../measure/alternate-rounds.ts';
import { quantile } from '../measure/paired-ratios.ts';
import { caseOfAmount, caseOfCosts } from '../measure/round-case.ts';
import { withApp } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';
import { MOST_COST } from './growth-databases.ts';
import { storeHistories } from './store-histories.ts';

const MOST_LATE_MS = 100;
/** The product's learners have the long past, as long as the size of the large database has room for. */
const ANSWERS = { product: 10_000, limit: 100 } as const;
const SHARE_OF_EVENTS = 0.1;
const LEARNERS = 10;
/** Of both: only the answers on them differ. */
const DAYS = 100;
const TOPICS = 12;
const UPDATES_A_LEARNER = 5;
const LATE_MS = 10 * 86_400_000;
// Numbers that no other part of a bench gives to a learner.
const FIRST_LEARNER = { product: 2_000_000, limit: 3_000_000 } as const;
const origin = { clientIp: null, deviceType: null };

type Group = { readonly userIds: readonly string[]; readonly history: StudyHistory };
type Groups = Readonly<Record<Side, Group>>;

/** In the large one of the databases. */
export async function measureMasteryGrowth(context: BenchContext, large: ServedDatabase) {
  const answers = { ...ANSWERS, product: Math.min(ANSWERS.product, Math.round(context.size * SHARE_OF_EVENTS)) };
  const groups = { product: groupOf('product', answers), limit: groupOf('limit', answers) };
  for (const side of ['product', 'limit'] as const) {
    context.progress(`${LEARNERS} learners with ${answers[side]} answers each`);
    await storeHistories({ ...groups[side], database: large, url: large.url, answers: answers[side] }, context);
  }
  return withApp({ url: large.url, poolSize: 1 }, async (app) => ({
    found: [await measureInOrder(context, app, groups), await measureLate(context, app, groups.product)] as const,
    notes: [`mastery: ${LEARNERS} learners of each kind, answers of ${DAYS} days, one update at a time`],
  }));
}

function groupOf(side: Side, answers: Readonly<Record<Side, number>>): Group {
  const history = createStudyHistory({ answers: answers[side], days: DAYS, topics: TOPICS, endMs: Date.now() });
  return { history, userIds: Array.from({ length: LEARNERS }, (_, n) => learnerId(FIRST_LEARNER[side] + n)) };
}

async function measureInOrder(
  { rounds, signal, progress }: BenchContext,
  app: App,
  groups: Groups,
): Promise<BenchCase> {
  let made = 0;
  const measureSide = async (side: Side): Promise<Measured> => {
    const elapsed: number[] = [];
    for (let update = 0; update < UPDATES_A_LEARNER; update += 1) {
      made += 1;
      elapsed.push(
        ...(await updateAll(app, groups[side], { atMs: Date.now(), name: `growth/${made}`, refolded: false })),
      );
    }
    return { rate: quantile(elapsed, 0.5), fault: null };
  };
  const onRound = (line: string): void => progress(`mastery, ${line}`);
  const found = await alternateRounds(measureSide, { rounds, signal, onRound });
  return caseOfCosts(found, { name: 'mastery in order', unit: 'ms', mostRatio: MOST_COST });
}

async function measureLate({ rounds, signal, progress }: BenchContext, app: App, group: Group): Promise<BenchCase> {
  const values: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    signal.throwIfAborted();
    const elapsed = await updateAll(app, group, { atMs: Date.now() - LATE_MS, name: `late/${round}`, refolded: true });
    if (round > 0) values.push(quantile(elapsed, 0.5)); // the first one warms up
    progress(`mastery late, round ${round}/${rounds}: ${quantile(elapsed, 0.5).toFixed(0)} ms`);
  }
  return caseOfAmount({ name: 'mastery late', unit: 'ms', values, most: MOST_LATE_MS, failedRounds: 0 });
}

type Answer = { readonly atMs: number; readonly name: string; readonly refolded: boolean };

/** One more answer of each learner, and the milliseconds that each update took. */
async function updateAll(app: App, { userIds, history }: Group, { atMs, name, refolded }: Answer): Promise<number[]> {
  const items = userIds.map((userId) => ({ userId, input: history.answerAt(userId, atMs, name), origin }));
  const { results } = await recordEvents(app, items);
  if (results.some(({ status }) => status !== 'accepted')) throw new Error('an answer was not accepted');
  const elapsed: number[] = [];
  for (const userId of userIds) {
    const startedMs = performance.now();
    const outcome = await updateLearner(app, { userId });
    elapsed.push(performance.now() - startedMs);
    if (outcome.refolded !== refolded) throw new Error(`an update was ${refolded ? 'not ' : ''}folded anew`);
  }
  return elapsed;
}
