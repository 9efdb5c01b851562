// What is known over all learners, against its definition written out in plain loops.
import { expect } from 'chai';
import { runNights } from '@studyin/domain/services';
import { createDice } from '@studyin/testkit/dice';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { versionsIn } from '../learner-rows.ts';
import { openVerifyDomain, sql, study } from '../verify-domain.ts';

const DAY = '2026-01-31';
const LEARNERS = 24;
const ITEMS = Array.from({ length: 20 }, (_, n) => n);
const COIN = 20;
const RARE = 21;
const NO_TOPIC = '00000000-0000-0000-0000-000000000000';

type Attempt = {
  readonly userId: string;
  readonly questionId: string;
  readonly version: number;
  readonly isCorrect: boolean;
  readonly selected: string;
  readonly seconds: number;
  readonly isFirst: boolean;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const [x, y] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))];
  const sum = (of: (a: number, b: number) => number): number =>
    pairs.reduce((total, [a, b]) => total + of(a - x, b - y), 0);
  const [sxx, syy] = [sum((a) => a * a), sum((_, b) => b * b)];
  return sxx < 1e-12 || syy < 1e-12 ? null : sum((a, b) => a * b) / Math.sqrt(sxx * syy);
}

describe('what a night knows over all learners', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
    for (let n = 0; n < LEARNERS; n += 1) await study(domain, { userId: idOf('peer', n), seed: n + 400 });
    await addAnswers();
    await runNights(domain.app);
  });
  after(() => domain.close());

  /** Answers to items that the abler know more of, to one that is a coin, and to one that few have seen. */
  async function addAnswers(): Promise<void> {
    const dice = createDice(5);
    const rows = Array.from({ length: LEARNERS * 3 }, (_, n) => {
      const able = (n % LEARNERS) / LEARNERS;
      return (n < 10 ? [...ITEMS, COIN, RARE] : [...ITEMS, COIN]).map((q) => ({
        user_id: idOf('peer', n % LEARNERS),
        question_id: idOf('item', q),
        is_correct: dice.next() < (q < COIN ? able : 0.5),
        seconds: dice.int(1, 90),
        selected: dice.pick(['A', 'B', 'C', 'D']),
        day: 5 + Math.floor(n / LEARNERS),
      }));
    }).flat();
    await sql(
      domain,
      `insert into question_attempts (user_id, attempted_at, id, session_id, question_id, topic_id, received_at, study_day,
        selected_answer, is_correct, graded_by, question_version, time_to_answer_seconds)
      select user_id, '2026-01-01'::timestamptz + make_interval(days => day), gen_random_uuid(), user_id, question_id, $2, now(),
        '2026-01-01'::date + day, selected, is_correct, 'key', 2, seconds
      from jsonb_to_recordset($1::jsonb) as r (user_id uuid, question_id uuid, is_correct boolean, seconds float8, selected text, day int)`,
      [JSON.stringify(rows), idOf('history topic', 1)],
    );
    await sql(
      domain,
      `insert into question_progress (user_id, question_id, topic_id, attempts, correct, first_attempt_id, first_attempt_at,
        first_study_day, first_correct, last_attempt_id, last_attempt_at, last_study_day, last_correct, as_of)
      select distinct on (user_id, question_id) user_id, question_id, topic_id, 1, 0, id, attempted_at, study_day, is_correct, id,
        attempted_at, study_day, is_correct, attempted_at
      from question_attempts
      where question_version = 2
      order by user_id, question_id, attempted_at, id`,
    );
    // Their learners are not behind: these answers stand in no learner's count.
  }

  const listAttempts = () =>
    sql<Attempt>(
      domain,
      `select a.user_id as "userId", a.question_id as "questionId", coalesce(a.question_version, 0) as version,
        a.is_correct as "isCorrect", a.selected_answer as selected, a.time_to_answer_seconds as seconds,
        row_number() over (partition by a.user_id, a.question_id order by a.attempted_at, a.id) = 1 as "isFirst"
      from question_attempts a`,
    );

  it('of items: facility, discrimination, distractors and times', async () => {
    const attempts = await listAttempts();
    const firsts = Map.groupBy(
      attempts.filter(({ isFirst }) => isFirst),
      ({ userId }) => userId,
    );
    const restOf = ({ userId, isCorrect }: Attempt): number | null => {
      const own = firsts.get(userId) ?? [];
      const right = own.filter((one) => one.isCorrect).length - Number(isCorrect);
      return own.length < 2 ? null : right / (own.length - 1);
    };
    const stored = await sql<Record<string, unknown>>(
      domain,
      `select *, answers::int as answers, as_of::text as as_of from question_statistics`,
    );
    const items = Map.groupBy(attempts, ({ questionId, version }) => `${questionId} ${version}`);
    expect(stored.length).equal(items.size);
    expect(stored.some((row) => row['discrimination'] !== null)).equal(true);
    expect(stored.some((row) => row['evidence'] === 'insufficient')).equal(true);
    for (const row of stored) {
      const all = items.get(`${String(row['question_id'])} ${String(row['version'])}`) ?? [];
      const tried = all.filter(({ isFirst }) => isFirst);
      const ranked = tried
        .flatMap((one) =>
          restOf(one) === null ? [] : [{ right: Number(one.isCorrect), rest: restOf(one) ?? 0, id: one.userId }],
        )
        .toSorted((a, b) => a.rest - b.rest || (a.id < b.id ? -1 : 1));
      const k = Math.round(0.27 * ranked.length);
      const isEnough = all.length >= 30;
      const wrong = Map.groupBy(
        all.filter((one) => !one.isCorrect),
        ({ selected }) => selected,
      );
      const near = (column: string, value: number | null): void => {
        if (value === null) expect(row[column], column).equal(null);
        else expect(row[column], column).closeTo(value, 1e-9);
      };
      expect(row).include({ answers: all.length, as_of: DAY, evidence: isEnough ? 'enough' : 'insufficient' });
      near('facility', mean(all.map((one) => Number(one.isCorrect))));
      near('first_attempt_facility', tried.length === 0 ? null : mean(tried.map((one) => Number(one.isCorrect))));
      near(
        'median_seconds',
        quantile(
          all.map(({ seconds }) => seconds),
          0.5,
        ),
      );
      near('discrimination', isEnough ? correlation(ranked.map(({ right, rest }) => [right, rest])) : null);
      const upperLower =
        mean(ranked.slice(-k).map(({ right }) => right)) - mean(ranked.slice(0, k).map(({ right }) => right));
      near('upper_lower_27', isEnough && k > 0 ? upperLower : null);
      expect(row['distractors']).eql(Object.fromEntries([...wrong].map(([answer, chosen]) => [answer, chosen.length])));
    }
  });

  it('of items: those that tell learners apart discriminate more than a coin', async () => {
    const found = await sql<{ discrimination: number }>(
      domain,
      `select discrimination from question_statistics where question_id = any($1::uuid[]) order by question_id`,
      [[...ITEMS, COIN].map((n) => idOf('item', n))],
    );
    const all = found.map(({ discrimination }) => discrimination);
    expect(mean(all.slice(0, COIN))).greaterThan(0.2);
    expect(Math.abs(all[COIN] ?? 1)).lessThan(mean(all.slice(0, COIN)));
  });

  it('of peers: the quantiles of each metric that at least twenty have', async () => {
    const stored = await sql<{ metric: string; topicId: string; learners: number; quantiles: number[] }>(
      domain,
      `select metric, topic_id as "topicId", learners, quantiles from peer_distributions where as_of = $1`,
      [DAY],
    );
    const topics = await sql<{ topicId: string; value: number }>(
      domain,
      `select topic_id as "topicId", mastery_score as value from topic_mastery where mastery_score is not null`,
    );
    const overviews = await sql<{ mastery: number | null }>(
      domain,
      `select mean_mastery as mastery from user_learning_metrics`,
    );
    const groups = new Map<string, readonly number[]>([
      ...[...Map.groupBy(topics, ({ topicId }) => topicId)].map(
        ([topicId, rows]) => [`topic_mastery ${topicId}`, rows.map(({ value }) => value)] as const,
      ),
      [`mean_mastery ${NO_TOPIC}`, overviews.flatMap(({ mastery }) => mastery ?? [])] as const,
    ]);
    const compared = stored.filter(({ metric }) => !metric.endsWith('_30d'));
    const expected = [...groups].filter(([, values]) => values.length >= 20).map(([key]) => key);
    expect(compared.map(({ metric, topicId }) => `${metric} ${topicId}`)).members(expected);
    expect(compared.length).greaterThan(1);
    for (const { metric, topicId, learners, quantiles } of compared) {
      const values = groups.get(`${metric} ${topicId}`) ?? [];
      expect(learners).equal(values.length);
      for (const [n, value] of quantiles.entries()) expect(value).closeTo(quantile(values, n / 100), 1e-12);
    }
  });

  it('of peers: a group that has become too small is not shown any more', async () => {
    const before = await versionsIn(domain, ['question_statistics']);
    await sql(domain, `update topic_mastery set mastery_score = null where topic_id = $1`, [idOf('history topic', 1)]);
    await runNights(domain.app);
    const left = await sql(domain, `select from peer_distributions where topic_id = $1`, [idOf('history topic', 1)]);
    expect(left).eql([]);
    expect(await versionsIn(domain, ['question_statistics'])).eql(before);
  });
});
