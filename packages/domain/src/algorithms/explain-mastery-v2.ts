// Mastery version 2 in words: its terms, and what would move it.
import { probabilityOf, topicTerms, type Coefficients, type TopicTermCode } from './mastery-model.ts';
import { masteryV2, masteryV2Terms, moveAbility, sum, topicFeatures, type Standing } from './mastery-v2.ts';

export type MasteryV2Term = {
  readonly code: TopicTermCode;
  /** What was measured. */
  readonly value: number;
  /** The version's coefficient. */
  readonly weight: number;
  /** weight · value, in log-odds. */
  readonly contribution: number;
  readonly text: string;
};

export type MasteryChange = {
  readonly code: 'right_answer' | 'wrong_answer' | 'week_without';
  /** The score that would come of it. */
  readonly score: number;
  readonly change: number;
  readonly text: string;
};

type TopicStanding = Omit<Standing, 'question'>;

const MS_PER_MINUTE = 60_000;
const MS_PER_WEEK = 604_800_000;
const NOTICEABLE = 0.05;

/**
 * The terms of `masteryV2` in words; their contributions, added from first to last, are its log-odds to the bit, and
 * 1/(1 + e^−sum) is the score.
 */
export function explainMasteryV2(
  coefficients: Coefficients,
  standing: TopicStanding,
  atMs: number,
): readonly MasteryV2Term[] {
  const values = topicFeatures(standing, atMs);
  const contributions = masteryV2Terms(coefficients, standing, atMs);
  return topicTerms.map((code, n) => ({
    code,
    value: values[n] ?? 0,
    weight: coefficients.topic[n] ?? 0,
    contribution: contributions[n] ?? 0,
    text: textOf(code, standing, atMs),
  }));
}

function textOf(code: TopicTermCode, { difficulty, learner, topic }: TopicStanding, atMs: number): string {
  switch (code) {
    case 'base':
      return 'Where every topic begins.';
    case 'topic_difficulty':
      return `Of all answers in the topic, anyone's, ${percent(probabilityOf(difficulty.topic))} are right.`;
    case 'learner':
      return `Over all topics, questions are answered ${compared(learner.theta)} the average learner answers them.`;
    case 'topic':
      return `In this topic, they are answered ${compared(topic.theta)} that suggests.`;
    case 'recent':
      return `Of late, ${percent(topic.recent)} right in this topic, the last answer counting half.`;
    case 'new_topic':
      return topic.lastAtMs === null ? 'The topic was never practised.' : 'The topic was practised before.';
    case 'topic_pause':
      return topic.lastAtMs === null
        ? 'There is no last answer to forget.'
        : `The last answer in the topic was ${ago(atMs - topic.lastAtMs)}.`;
  }
}

/**
 * What one more answer in the topic, or a week without, would make of the score at `atMs`, the greatest change first.
 * The answer is one to a question of the topic that nobody has been asked yet, so of its middling difficulty.
 */
export function masteryChanges(
  coefficients: Coefficients,
  standing: TopicStanding,
  atMs: number,
): readonly MasteryChange[] {
  const score = masteryV2(coefficients, standing, atMs);
  const after = (isCorrect: boolean): number => {
    const difficulty = { ...standing.difficulty, question: standing.difficulty.topic };
    const { learner, topic } = moveAbility({ ...standing, difficulty, question: undefined }, isCorrect);
    return masteryV2(coefficients, { difficulty, learner, topic: { ...topic, lastAtMs: atMs } }, atMs);
  };
  const changeTo = (code: MasteryChange['code'], then: number, what: string): MasteryChange => ({
    code,
    score: then,
    change: then - score,
    text: `${what} would make it ${percent(then)}.`,
  });
  return [
    changeTo('right_answer', after(true), 'A right answer to a new question'),
    changeTo('wrong_answer', after(false), 'A wrong answer to a new question'),
    changeTo('week_without', masteryV2(coefficients, standing, atMs + MS_PER_WEEK), 'A week without the topic'),
  ].sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** The score that an explanation adds up to. */
export function scoreOfTerms(terms: readonly Pick<MasteryV2Term, 'contribution'>[]): number {
  return probabilityOf(sum(terms.map(({ contribution }) => contribution)));
}

function compared(theta: number): string {
  if (Math.abs(theta) < NOTICEABLE) return 'as';
  return theta > 0 ? 'better than' : 'worse than';
}

function ago(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MS_PER_MINUTE));
  if (minutes < 120) return `${counted(minutes, 'minute')} ago`;
  return minutes < 2_880
    ? `${counted(Math.floor(minutes / 60), 'hour')} ago`
    : `${Math.floor(minutes / 1_440)} days ago`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}
