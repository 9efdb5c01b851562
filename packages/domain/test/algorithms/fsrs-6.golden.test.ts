// Against the numbers of the published tests of ts-fsrs, fsrs-rs and py-fsrs. Those of a step inside `next_state` are asked of
// the library itself: they show that the pinned version is the one whose formulas we document.
import { expect } from 'chai';
import { FSRSAlgorithm } from 'ts-fsrs';
import {
  DESIRED_RETENTION,
  fsrsIntervalDays,
  fsrsRetrievability,
  logLoss,
  nextMemoryState,
  type MemoryState,
  type Prediction,
  type ReviewRating,
} from '@studyin/domain/algorithms';
import { needsReferenceData, readReference } from './reference-data.ts';
import { predictReviews, readJoshReviews } from './josh-reviews.ts';

const FILE = 'vectors/fsrs6_published.json';
const RATINGS: readonly ReviewRating[] = ['again', 'hard', 'good', 'easy'];

type Vector = {
  readonly id: string;
  readonly input: Readonly<Record<string, number & readonly number[]>>;
  readonly expected: readonly number[] & MemoryState;
  readonly tol: number;
  readonly expected_scheduled_days: readonly number[];
};

const ratingOf = (grade: number): ReviewRating => RATINGS[grade - 1] ?? 'again';

function expectEach(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).to.have.length(expected.length);
  actual.forEach((value, index) => expect(value).closeTo(expected[index] ?? NaN, tolerance));
}

const golden = needsReferenceData('FSRS-6 against published numbers', FILE);
describe(golden.title, () => {
  let vectors: ReadonlyMap<string, Vector> = new Map();
  let weights: readonly number[] = [];
  const vector = (id: string): Vector => {
    const found = vectors.get(id);
    if (found === undefined) throw new Error(`no vector ${id}`);
    return found;
  };

  before(function () {
    if (golden.isMissing) this.skip();
    // The file is ours to read: each vector's shape is named by its id.
    const file = JSON.parse(readReference(FILE)) as {
      default_weights_w0_w20: readonly number[];
      vectors: readonly Vector[];
    };
    weights = file.default_weights_w0_w20;
    vectors = new Map(file.vectors.map((one) => [one.id, one]));
  });

  it('forgets along the published curve', () => {
    const { input, expected, tol } = vector('retrievability');
    expectEach(
      input['elapsed_days']?.map((days) => fsrsRetrievability(input['stability'] ?? 0, days)) ?? [],
      expected,
      tol,
    );
  });

  it('starts with the published stability and difficulty', () => {
    const { expected, tol } = vector('init_state');
    // This vector's expectation is a list of each.
    const lists = expected as unknown as { stability: readonly number[]; difficulty: readonly number[] };
    const first = RATINGS.map((rating) => nextMemoryState(null, rating, 0));
    expectEach(
      first.map((memory) => memory.stability),
      lists.stability,
      tol,
    );
    expectEach(
      first.map((memory) => memory.difficulty),
      lists.difficulty,
      tol,
    );
  });

  it('moves the difficulty as published', () => {
    const { input, expected, tol } = vector('next_difficulty');
    const memory = { stability: 5, difficulty: input['difficulty'] ?? 0 };
    expectEach(
      RATINGS.map((rating) => nextMemoryState(memory, rating, 3).difficulty),
      expected,
      tol,
    );
  });

  it('takes the short-term path on the same day, where hard never shrinks a memory', () => {
    const { input, expected, tol } = vector('short_term_stability');
    const memory = { stability: input['stability'] ?? 0, difficulty: 5 };
    expectEach(
      RATINGS.map((rating) => nextMemoryState(memory, rating, 0).stability),
      expected,
      tol,
    );
    expect(nextMemoryState(memory, 'hard', 0).stability).equal(memory.stability);
  });

  it('ends six reviews with the published memory', () => {
    const { input, expected, tol } = vector('memory_state_short_term_on');
    const memory = (input['ratings'] ?? []).reduce<MemoryState | null>(
      (state, grade, index) => nextMemoryState(state, ratingOf(grade), input['elapsed_days']?.[index] ?? 0),
      null,
    );
    expect(memory?.stability).closeTo(expected.stability, tol);
    expect(memory?.difficulty).closeTo(expected.difficulty, tol);
  });

  it('schedules thirteen reviews as published, where no learning step of minutes comes first', () => {
    const { input, expected_scheduled_days: expected } = vector('interval_history');
    expect(input['request_retention']).equal(DESIRED_RETENTION);
    let memory: MemoryState | null = null;
    let elapsedDays = 0;
    for (const [index, grade] of (input['ratings'] ?? []).entries()) {
      memory = nextMemoryState(memory, ratingOf(grade), elapsedDays);
      // 0 is a learning step of minutes: it comes up again on that day.
      elapsedDays = expected[index] ?? 0;
      if (elapsedDays > 0) expect(fsrsIntervalDays(memory.stability)).equal(elapsedDays);
    }
    expect(expected).to.have.length(13);
  });

  it('recalls a question first rated easy, on its due day, as published', () => {
    const { input, expected, tol } = vector('retrievability_at_due_first_easy');
    const { stability } = nextMemoryState(null, 'easy', 0);
    const days = input['elapsed_days'] ?? 0;
    expect(fsrsIntervalDays(stability)).equal(days);
    expect(fsrsRetrievability(stability, days)).closeTo(Number(expected), tol);
  });

  it('stands on a library whose steps give the published numbers', () => {
    const library = new FSRSAlgorithm({ w: weights });
    for (const id of ['next_recall_stability', 'next_forget_stability_before_cap'] as const) {
      const { input, expected, tol } = vector(id);
      const actual = expected.map((_, index) => {
        const [s, d, r] = ['stability', 'difficulty', 'retrievability'].map((key) => input[key]?.[index] ?? NaN);
        if (s === undefined || d === undefined || r === undefined) throw new Error(`${id} lacks a case`);
        if (id === 'next_forget_stability_before_cap') return library.next_forget_stability(d, s, r);
        return library.next_recall_stability(d, s, r, index + 1);
      });
      expectEach(actual, expected, tol);
    }
  });

  it('stands on a library that gives the published memory without a short-term path, too', () => {
    const { input, expected, tol } = vector('memory_state_short_term_off');
    const library = new FSRSAlgorithm({ w: weights, enable_short_term: false });
    const memory = (input['ratings'] ?? []).reduce<MemoryState | null>(
      (state, grade, index) => library.next_state(state, input['elapsed_days']?.[index] ?? 0, grade),
      null,
    );
    expect(memory?.stability).closeTo(expected.stability, tol);
    expect(memory?.difficulty).closeTo(expected.difficulty, tol);
  });

  it('stands on a library whose intervals follow the desired retention', () => {
    const { input, expected } = vector('next_interval_by_retention');
    const intervals = (input['desired_retention'] ?? []).map((request_retention) =>
      new FSRSAlgorithm({ w: weights, request_retention, maximum_interval: Infinity }).next_interval(1, 0),
    );
    // The published first one is single precision, three days less than double gives.
    expect(intervals).deep.equal([3_116_769, ...expected.slice(1)]);
  });

  it('uses the published default weights', () => {
    const library = new FSRSAlgorithm({ w: weights });
    let memory: MemoryState | null = null;
    for (const [grade, elapsedDays] of [
      [3, 0],
      [3, 0],
      [3, 2],
      [2, 9],
      [1, 30],
      [1, 0],
      [3, 1],
      [4, 4],
      [3, 40],
    ] as const) {
      const expected: MemoryState = library.next_state(memory, elapsedDays, grade);
      memory = nextMemoryState(memory, ratingOf(grade), elapsedDays);
      expect(memory).deep.equal(expected);
    }
  });
});

const JOSH = 'data/reviews_josh.csv';
const evaluation = needsReferenceData('FSRS-6 as a forecast of 12,580 real reviews', JOSH);
describe(evaluation.title, () => {
  let predictions: readonly Prediction[] = [];

  before(function () {
    if (evaluation.isMissing) this.skip();
    predictions = predictReviews(readJoshReviews());
  });

  it('has a log-loss of 0.467 on reviews of a later day, against 0.528 of their own mean', () => {
    expect(predictions).to.have.length(6032);
    const mean = predictions.filter(({ isCorrect }) => isCorrect).length / predictions.length;
    const constant = logLoss(predictions.map(({ isCorrect }) => ({ score: mean, isCorrect })));
    expect(constant).closeTo(0.528, 0.0005);
    expect(logLoss(predictions)).closeTo(0.467, 0.0005);
  });
});
