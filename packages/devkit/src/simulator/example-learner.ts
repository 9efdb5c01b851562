// Who an example learner is: when they study, what they like, and what they truly can.
import { deterministicUuid } from '@studyin/domain/events';
import type { DeviceType } from '@studyin/domain/events';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { StudyTopic } from './study-topics.ts';

export type Habits = {
  /** Chance to study on a day, Monday first. */
  readonly activeOn: readonly number[];
  /** Minute of the day at which a first session begins, on average. */
  readonly usualMinute: number;
  readonly secondSession: number;
  /** Blocks of one topic in a session, at most. */
  readonly blocks: number;
  /** Questions in a block, at most. */
  readonly questions: number;
  /** Chance of reading before the questions of a block. */
  readonly reading: number;
  /** Chance of asking the coach in a block. */
  readonly coach: number;
  /** Chance that a session is spent offline and its events arrive days later. */
  readonly offline: number;
  /** Share of the days after which they never come back; 1 for those who stay. */
  readonly staysFor: number;
};

export type ExampleLearner = {
  readonly userId: string;
  readonly timezone: string;
  readonly deviceType: DeviceType;
  readonly habits: Habits;
  /** Topics in the order in which they are begun. */
  readonly topics: readonly StudyTopic[];
  /** The truth: log-odds of a right answer to a question of middling difficulty before anything is learned here. */
  readonly abilityOf: (topicId: string) => number;
};

const zones = [
  'America/New_York',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Europe/London',
  'Asia/Kolkata',
  'Asia/Karachi',
  'Asia/Tokyo',
  'Africa/Lagos',
  'Australia/Adelaide',
  'UTC',
] as const;

const workday = [1, 1, 1, 1, 0.9, 0.5, 0.7] as const;
const weekend = [0.3, 0.3, 0.3, 0.3, 0.5, 2, 2] as const;
const everyDay = [1, 1, 1, 1, 1, 1, 1] as const;

// Share of learners, how likely they study on a usual day, and their week.
const kinds = [
  { share: 0.3, active: 0.26, week: workday },
  { share: 0.25, active: 0.15, week: weekend },
  { share: 0.15, active: 0.5, week: everyDay },
  { share: 0.3, active: 0.12, week: workday },
] as const;

export type LearnerSeed = { readonly seed: string; readonly index: number };

/** The same seed, index and topics give the same learner; learners of one seed do not depend on how many there are. */
export function exampleLearner(topics: readonly StudyTopic[], { seed, index }: LearnerSeed): ExampleLearner {
  const random = createRandom(`${seed}/learner/${index}`);
  const talent = random.normal(-0.6, 0.7);
  const abilities = new Map(topics.map(({ id }) => [id, talent + random.normal(0, 0.6)]));
  return {
    userId: deterministicUuid('studyin:example-learner', `${seed}/${index}`),
    timezone: random.pick(zones),
    deviceType: random.pick(['web', 'web', 'web', 'mobile', 'tablet', 'desktop'] as const),
    habits: pickHabits(random),
    topics: shuffled(topics, random),
    abilityOf: (topicId) => {
      const ability = abilities.get(topicId);
      if (ability === undefined) throw new RangeError(`topic ${topicId} is not one of this learner's`);
      return ability;
    },
  };
}

function pickHabits(random: Random): Habits {
  const kind = pickKind(random.next());
  const eagerness = 0.6 + 0.8 * random.next();
  return {
    activeOn: kind.week.map((share) => Math.min(0.95, share * kind.active * eagerness)),
    usualMinute: 60 * random.pick([7, 9, 12, 16, 18, 19, 20, 21]),
    secondSession: 0.3 * random.next(),
    blocks: random.int(1, 3),
    questions: random.int(3, 8),
    reading: 0.2 + 0.6 * random.next(),
    coach: 0.3 * random.next(),
    offline: random.chance(0.2) ? 0.1 : 0,
    staysFor: random.chance(0.12) ? 0.2 + 0.6 * random.next() : 1,
  };
}

function pickKind(position: number): (typeof kinds)[number] {
  let passed = 0;
  return kinds.find(({ share }) => (passed += share) > position) ?? kinds[0];
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(random.int(0, left.length - 1), 1));
}
