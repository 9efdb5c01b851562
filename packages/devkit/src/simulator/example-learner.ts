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
  /** Share of the days after which they never come back; 1 for those who stay. */
  readonly staysFor: number;
};

export type ExampleLearner = {
  readonly userId: string;
  /** The zone they are in when this share of their days is over: most stay at home, some travel and come back. */
  readonly timezoneAt: (share: number) => string;
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

// Share of learners, how likely they study on a usual day, their week, and how much of it they do at a time. The few of the
// first kind make about a seventh of all events.
const kinds = [
  { share: 0.02, active: 0.95, week: everyDay, blocks: [4, 6], questions: [8, 14] },
  { share: 0.29, active: 0.23, week: workday, blocks: [1, 3], questions: [3, 8] },
  { share: 0.25, active: 0.14, week: weekend, blocks: [1, 3], questions: [3, 8] },
  { share: 0.15, active: 0.45, week: everyDay, blocks: [1, 3], questions: [3, 8] },
  { share: 0.29, active: 0.12, week: workday, blocks: [1, 3], questions: [3, 8] },
] as const;

const TRAVELLERS = 0.1;

export type LearnerSeed = { readonly seed: string; readonly index: number };

export function exampleUserId({ seed, index }: LearnerSeed): string {
  return deterministicUuid('studyin:example-learner', `${seed}/${index}`);
}

/** The same seed, index and topics give the same learner; learners of one seed do not depend on how many there are. */
export function exampleLearner(topics: readonly StudyTopic[], { seed, index }: LearnerSeed): ExampleLearner {
  const random = createRandom(`${seed}/learner/${index}`);
  const talent = random.normal(-0.5, 1.2);
  const abilities = new Map(topics.map(({ id }) => [id, talent + random.normal(0, 1)]));
  return {
    userId: exampleUserId({ seed, index }),
    timezoneAt: pickJourney(random),
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
    blocks: random.int(kind.blocks[0], kind.blocks[1]),
    questions: random.int(kind.questions[0], kind.questions[1]),
    reading: 0.2 + 0.6 * random.next(),
    coach: 0.3 * random.next(),
    staysFor: random.chance(0.12) ? 0.2 + 0.6 * random.next() : 1,
  };
}

/** Home, and for some a while elsewhere. */
function pickJourney(random: Random): ExampleLearner['timezoneAt'] {
  const home = random.pick(zones);
  if (!random.chance(TRAVELLERS)) return () => home;
  const abroad = random.pick(zones.filter((zone) => zone !== home));
  const leaves = 0.1 + 0.7 * random.next();
  const returns = leaves + 0.05 + 0.15 * random.next();
  return (share) => (share >= leaves && share < returns ? abroad : home);
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
