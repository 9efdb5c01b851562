// The answers that a topic's mastery owes most to.
import { startWalk, type ModelAnswer } from './answer-walk.ts';
import type { LearnerState } from './fold-answers.ts';
import { logOdds, type MasteryModel } from './mastery-model.ts';
import { masteryV2 } from './mastery-v2.ts';

const NEAREST_TO_CERTAIN = 1e-12;

export type MasteryMover = {
  readonly questionId: string;
  readonly atMs: number;
  readonly isCorrect: boolean;
  /** What the answer added to the log-odds of the topic's mastery at its time. */
  readonly logOdds: number;
};

export type MoversOptions = { readonly topicId: string; readonly model: MasteryModel; readonly limit: number };

/**
 * The answers of a topic that moved its mastery (version 2) most when they were given, the strongest first. `answers` are all of
 * the learner's after `start`, in canonical order. O(answers).
 */
export function masteryMovers(
  start: LearnerState,
  answers: readonly ModelAnswer[],
  { topicId, model, limit }: MoversOptions,
): readonly MasteryMover[] {
  const walk = startWalk(model, { from: start });
  const movers: MasteryMover[] = [];
  for (const answer of answers) {
    const standing = walk.standingBefore(answer);
    walk.take(answer, standing);
    if (answer.topicId !== topicId) continue;
    const scoreOf = (at: typeof standing): number => boundedLogOdds(masteryV2(model.coefficients, at, answer.atMs));
    const moved = scoreOf(walk.standingBefore(answer)) - scoreOf(standing);
    movers.push({ questionId: answer.questionId, atMs: answer.atMs, isCorrect: answer.isCorrect, logOdds: moved });
  }
  return movers.sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds) || a.atMs - b.atMs).slice(0, limit);
}

function boundedLogOdds(score: number): number {
  return logOdds(Math.min(1 - NEAREST_TO_CERTAIN, Math.max(NEAREST_TO_CERTAIN, score)));
}
