import { createRandom } from './random.ts';

export type HistorySizesOptions = {
  readonly seed: string;
  readonly learners: number;
  /** Of all of them together; at least one for each. */
  readonly events: number;
};

// Log-normal: the busiest tenth makes four tenths of the events. Cut, so that even the busiest has enough hours in a day.
const SPREAD = 1.1;
const MOST_DEVIATIONS = 2.5;

/**
 * How many events each learner has; adds up to `events` exactly. Throws RangeError where there are fewer events than learners.
 * O(learners).
 */
export function computeHistorySizes({ seed, learners, events }: HistorySizesOptions): readonly number[] {
  if (events < learners) throw new RangeError(`${events} events are too few for ${learners} learners`);
  const random = createRandom(`${seed}/history sizes`);
  const weights = Array.from({ length: learners }, () =>
    Math.exp(SPREAD * Math.min(MOST_DEVIATIONS, random.normal(0, 1))),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shared = events - learners;
  // What is rounded off one learner goes to the next, and the last one ends where the sum does.
  const passed = { weight: 0, events: 0 };
  return weights.map((weight, index) => {
    passed.weight += weight;
    const upTo = index === learners - 1 ? shared : Math.floor((shared * passed.weight) / total);
    const own = upTo - passed.events;
    passed.events = upTo;
    return 1 + own;
  });
}
