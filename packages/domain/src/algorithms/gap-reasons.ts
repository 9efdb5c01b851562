// Why a topic is a gap, in words: a stable code for programs, a sentence with its numbers for people.
import { MASTERED_SCORE, type Evidence } from './mastery-v1.ts';

const NOTABLE_ACCURACY = 0.7;
const NOTABLE_FAILURE_RATE = 0.3;
const NOTABLE_UNTRIED_SHARE = 0.5;
const NOTABLE_EXAM_WEIGHT = 5;

export type GapReasonCode =
  | 'untried'
  | 'low_mastery'
  | 'low_accuracy'
  | 'recent_failures'
  | 'few_answers'
  | 'untried_questions'
  | 'exam_weight'
  | 'blocks_topics'
  | 'blocked';

export type GapReason = { readonly code: GapReasonCode; readonly text: string };

export type ReasonFacts = {
  readonly masteryScore: number | null;
  readonly evidence: Evidence;
  readonly attempts: number;
  readonly correct: number;
  /** Questions tried, of those the topic has (0 where they are not known). */
  readonly firstAttempts: number;
  readonly questionsCount: number;
  readonly recentAttempts: number;
  readonly recentWrong: number;
  readonly examWeight: number;
  readonly blocksCount: number;
  /** Prerequisites that are not met. */
  readonly blockedBy: number;
};

/** The reasons of a gap, what the learner did first; a gap has at least one, `untried` or `low_mastery`. */
export function gapReasons(facts: ReasonFacts): readonly GapReason[] {
  const ofLearner = facts.masteryScore === null ? untriedReasons(facts) : practisedReasons(facts, facts.masteryScore);
  return [...ofLearner, ...topicReasons(facts)];
}

function untriedReasons({ questionsCount }: ReasonFacts): readonly GapReason[] {
  const text = questionsCount > 0 ? `Not one of its ${questions(questionsCount)} tried yet.` : 'No question tried yet.';
  return [{ code: 'untried', text }];
}

function practisedReasons(facts: ReasonFacts, masteryScore: number): readonly GapReason[] {
  const { attempts, correct, firstAttempts, questionsCount, recentAttempts, recentWrong } = facts;
  const reasons: GapReason[] = [
    // Rounded down, so that no gap is said to have the 80% it lacks.
    {
      code: 'low_mastery',
      text: `Mastery is ${Math.floor(masteryScore * 100)}%, mastered from ${MASTERED_SCORE * 100}%.`,
    },
  ];
  if (correct < NOTABLE_ACCURACY * attempts) {
    reasons.push({
      code: 'low_accuracy',
      text: `${correct} of ${attempts} answers right (${percent(correct, attempts)}).`,
    });
  }
  if (recentAttempts > 0 && recentWrong >= NOTABLE_FAILURE_RATE * recentAttempts) {
    reasons.push({ code: 'recent_failures', text: `${recentWrong} of the last ${recentAttempts} answers wrong.` });
  }
  if (facts.evidence !== 'enough') {
    reasons.push({ code: 'few_answers', text: `Only ${questions(firstAttempts)} tried: too few to be sure.` });
  }
  const untried = Math.max(0, questionsCount - firstAttempts);
  if (untried > 0 && untried >= NOTABLE_UNTRIED_SHARE * questionsCount) {
    reasons.push({ code: 'untried_questions', text: `${untried} of its ${questions(questionsCount)} not tried yet.` });
  }
  return reasons;
}

function topicReasons({ examWeight, blocksCount, blockedBy }: ReasonFacts): readonly GapReason[] {
  const reasons: GapReason[] = [];
  if (examWeight >= NOTABLE_EXAM_WEIGHT) {
    reasons.push({ code: 'exam_weight', text: `Exam weight ${Math.round(examWeight * 10) / 10} of 10.` });
  }
  if (blocksCount > 0) {
    reasons.push({ code: 'blocks_topics', text: `${topics(blocksCount)} build${blocksCount === 1 ? 's' : ''} on it.` });
  }
  if (blockedBy > 0) {
    reasons.push({ code: 'blocked', text: `${topics(blockedBy)} should come first.` });
  }
  return reasons;
}

function questions(count: number): string {
  return count === 1 ? '1 question' : `${count} questions`;
}

function topics(count: number): string {
  return count === 1 ? '1 topic' : `${count} topics`;
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)}%`;
}
