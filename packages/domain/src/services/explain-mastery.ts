// A topic's mastery score taken apart, by the version that made it.
import {
  emptyLearnerState,
  explainMasteryV1,
  explainMasteryV2,
  isMastered,
  masteryChanges,
  masteryMovers,
  timeToMastery,
  topicStanding,
  utcDayOf,
} from '../algorithms/index.ts';
import type {
  Evidence,
  MasteryChange,
  MasteryModel,
  MasteryTerm,
  MasteryV2Term,
  TimeToMastery,
} from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Reader } from '../database/index.ts';
import { findKeptState, listAnswersUpTo } from '../stores/dashboard-answer-store.ts';
import type { TopicStateRow } from '../stores/dashboard-gap-store.ts';
import { findTopicDays } from '../stores/dashboard-topic-day-store.ts';
import { decodeCheckpoint } from './retention/checkpoint-state.ts';

export type AnswerThatMoved = {
  readonly questionId: string;
  readonly answeredAt: string;
  readonly isCorrect: boolean;
  /** What it added to the log-odds of the score at its time. */
  readonly logOdds: number;
  readonly text: string;
};

export type MasteryExplanation = {
  readonly score: number;
  /** How far the score may be trusted, 0 to 1. */
  readonly confidence: number;
  readonly evidence: Evidence;
  readonly isMastered: boolean;
  /** What the terms add up to, from first to last: the score to the bit, or its log-odds (the score is then 1/(1 + e^−sum)). */
  readonly unit: 'score' | 'log_odds';
  readonly terms: readonly (MasteryTerm | MasteryV2Term)[];
  /** What would change it most, greatest first; of version 2 alone. */
  readonly changes: readonly MasteryChange[];
  /** The five answers of the topic that moved it most; of version 2 alone. */
  readonly movers: readonly AnswerThatMoved[];
  readonly timeToMastery: TimeToMastery;
  readonly calculationVersion: number;
  /** Of the mastery model. */
  readonly modelVersion: number;
  readonly asOf: string;
};

const MOVERS = 5;
const FIRST_DAY = '2000-01-01';

/** Throws where the score's version of the model is gone. */
export async function explainMastery(
  { database, models }: Pick<App, 'database' | 'models'>,
  { userId, topic }: { readonly userId: string; readonly topic: TopicStateRow },
): Promise<MasteryExplanation> {
  const { reader } = database;
  const { score, evidence, confidence, calculationVersion, modelVersion, asOf, topicId } = topic;
  const [days, model] = await Promise.all([
    findTopicDays(reader, { userId, topicId, fromDay: FIRST_DAY }),
    models.get(reader, modelVersion),
  ]);
  const points = days.flatMap(({ studyDay, masteryAfter }) =>
    studyDay === null || masteryAfter === null ? [] : [{ studyDay, mastery: masteryAfter }],
  );
  return {
    score,
    confidence,
    evidence,
    isMastered: isMastered(score, evidence),
    ...(calculationVersion === 1 ? explainV1(topic) : await explainV2(reader, { userId, topic, model })),
    timeToMastery: timeToMastery(points, score, utcDayOf(asOf.getTime())),
    calculationVersion,
    modelVersion,
    asOf: asOf.toISOString(),
  };
}

type Parts = Pick<MasteryExplanation, 'unit' | 'terms' | 'changes' | 'movers'>;

function explainV1(topic: TopicStateRow): Parts {
  return { unit: 'score', terms: explainMasteryV1(topic, topic.asOf.getTime(), topic) ?? [], changes: [], movers: [] };
}

type V2Input = { readonly userId: string; readonly topic: TopicStateRow; readonly model: MasteryModel };

async function explainV2(reader: Reader, { userId, topic, model }: V2Input): Promise<Parts> {
  const { topicId, lastAtMs } = topic;
  const atMs = topic.asOf.getTime();
  const standing = topicStanding(topic, { topicId, model });
  const kept = await findKeptState(reader, userId);
  const start = kept === null ? emptyLearnerState : decodeCheckpoint(kept).learner;
  const answers = await listAnswersUpTo(reader, { userId, toMs: lastAtMs ?? atMs, after: start.cursor });
  const movers = masteryMovers(start, answers, { topicId, model, limit: MOVERS });
  return {
    unit: 'log_odds',
    terms: explainMasteryV2(model.coefficients, standing, atMs),
    changes: masteryChanges(model.coefficients, standing, atMs),
    movers: movers.map(({ questionId, isCorrect, logOdds, atMs: answeredMs }) => ({
      questionId,
      answeredAt: new Date(answeredMs).toISOString(),
      isCorrect,
      logOdds,
      text: `A ${isCorrect ? 'right' : 'wrong'} answer on ${utcDayOf(answeredMs)} ${logOdds < 0 ? 'lowered' : 'raised'} it.`,
    })),
  };
}
