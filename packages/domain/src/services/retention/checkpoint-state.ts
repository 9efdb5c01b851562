// The state in a checkpoint, to JSON and back. Numbers come back to the last bit: PostgreSQL keeps a JSON number as it was written.
import type { LearnerState, QuestionState, ReviewState, Scheduler, TopicState } from '../../algorithms/index.ts';

export type StudiedBounds = { readonly firstMs: number; readonly lastMs: number };

export type OpenTopicDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number;
};

export type Reviews = ReadonlyMap<string, ReviewState>;

/** All that is known of a learner's facts before the boundary. */
export type CheckpointState = {
  readonly learner: LearnerState;
  /** By every scheduler: a change of the setting replays questions, and their first answers are gone. */
  readonly reviews: Readonly<Record<Scheduler, Reviews>>;
  /** When each topic was first and last studied. */
  readonly studied: ReadonlyMap<string, StudiedBounds>;
  /** The mastery of days that may get more answers. */
  readonly topicDays: readonly OpenTopicDay[];
};

const FORMAT = 2;

export const emptyReviews: CheckpointState['reviews'] = {
  'fsrs-6': new Map(),
  'sm2-seed': new Map(),
  sm2: new Map(),
};

type Json<T> = Readonly<Record<string, T>>;
type Encoded = Pick<LearnerState, 'answers' | 'cursor' | 'theta'> &
  Pick<CheckpointState, 'topicDays'> & {
    readonly format: number;
    readonly topics: Json<TopicState>;
    readonly questions: Json<QuestionState>;
    readonly reviews: Readonly<Record<Scheduler, Json<ReviewState>>>;
    readonly studied: Json<StudiedBounds>;
  };

export function encodeCheckpoint({ learner, reviews, studied, topicDays }: CheckpointState): Encoded {
  return {
    format: FORMAT,
    answers: learner.answers,
    cursor: learner.cursor,
    theta: learner.theta,
    topics: Object.fromEntries(learner.topics),
    questions: Object.fromEntries(learner.questions),
    reviews: {
      'fsrs-6': Object.fromEntries(reviews['fsrs-6']),
      'sm2-seed': Object.fromEntries(reviews['sm2-seed']),
      sm2: Object.fromEntries(reviews.sm2),
    },
    studied: Object.fromEntries(studied),
    topicDays,
  };
}

/** Throws for a state of another format: a release that changes it brings a migration. */
export function decodeCheckpoint(state: unknown): CheckpointState {
  const encoded = state as Encoded; // as: written by `encodeCheckpoint` alone; its format is checked
  if (encoded.format !== FORMAT) throw new Error(`a checkpoint of format ${String(encoded.format)} is not known`);
  const { answers, cursor, theta, topics, questions, reviews, studied, topicDays } = encoded;
  return {
    learner: { answers, cursor, theta, topics: mapOf(topics), questions: mapOf(questions) },
    reviews: {
      'fsrs-6': mapOf(reviews['fsrs-6']),
      'sm2-seed': mapOf(reviews['sm2-seed']),
      sm2: mapOf(reviews.sm2),
    },
    studied: mapOf(studied),
    topicDays,
  };
}

function mapOf<T>(values: Json<T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(values));
}
