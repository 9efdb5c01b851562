// Scores in words: each term of a score with the sentence that says where it comes from.
import type { GapExplanation, GapTerm, ImportanceTerm } from './gap-priority.ts';
import {
  masteryV1Terms,
  masteryV1Weights,
  retrievalStrength,
  type MasteryTerms,
  type MaterialProgress,
  type TopicState,
} from './mastery-v1.ts';

export type MasteryTerm = {
  readonly code: 'first_attempt' | 'overall' | 'retrieval' | 'material';
  /** What was measured, 0 to 1. */
  readonly value: number;
  readonly weight: number;
  /** weight · value */
  readonly contribution: number;
  readonly text: string;
};

/**
 * The terms of `masteryV1` in words; their contributions, added from first to last, are the score to the bit.
 * Null before the first answer.
 */
export function explainMasteryV1(
  state: TopicState,
  atMs: number,
  materials: MaterialProgress,
): readonly MasteryTerm[] | null {
  const terms = masteryV1Terms(state, atMs, materials);
  if (terms === null) return null;
  const weights = masteryV1Weights(materials);
  const { firstCorrect, questions, correct, attempts } = state;
  const { completed, total } = materials;
  const retrieval = retrievalStrength(state, atMs);
  const term = (key: keyof MasteryTerms, { value, text }: { readonly value: number; readonly text: string }) => ({
    code: CODES[key],
    value,
    weight: weights[key],
    contribution: terms[key],
    text,
  });
  return [
    term('firstAttempt', {
      value: share(firstCorrect, questions),
      text: `${firstCorrect} of ${counted(questions, 'question')} right at the first attempt.`,
    }),
    term('overall', { value: share(correct, attempts), text: `${correct} of ${counted(attempts, 'answer')} right.` }),
    term('retrieval', { value: retrieval, text: `Of what was last known, ${percent(retrieval)} can be recalled.` }),
    term('material', { value: Math.min(1, share(completed, total)), text: materialText(materials) }),
  ];
}

const CODES = {
  firstAttempt: 'first_attempt',
  overall: 'overall',
  retrieval: 'retrieval',
  material: 'material',
} as const;

function materialText({ completed, total }: MaterialProgress): string {
  if (total === 0) return 'The topic has no materials: the other terms count for all.';
  return `${completed} of ${counted(total, 'material')} completed.`;
}

export type GapTermText = GapTerm & { readonly text: string };
export type ImportanceTermText = ImportanceTerm & { readonly text: string };

/** The terms of a gap's priority in words; in version 2 each counts its share of the need times the importance. */
export function explainGapTerms({ version, terms }: Pick<GapExplanation, 'version' | 'terms'>): readonly GapTermText[] {
  return terms.map((term) => ({ ...term, text: version === 1 ? textV1(term) : textV2(term) }));
}

/** What a gap's need is multiplied by, in words. */
export function explainImportance(importance: readonly ImportanceTerm[]): readonly ImportanceTermText[] {
  return importance.map((term) => ({ ...term, text: IMPORTANCE_TEXTS[term.code] }));
}

const IMPORTANCE_TEXTS: Readonly<Record<ImportanceTerm['code'], string>> = {
  base: 'What every topic counts.',
  exam_weight: 'What its weight in the exam counts.',
  prerequisite: 'What the topics that build on it count.',
};

function textV1({ code, value }: GapTerm): string {
  switch (code) {
    case 'mastery':
      return `Mastery lacks ${percent(value)}.`;
    case 'exam_weight':
      return `Exam weight ${Math.round(value * 10) / 10} of 10.`;
    case 'prerequisite':
      return `${counted(value, 'topic')} build${value === 1 ? 's' : ''} on it.`;
    case 'failures':
      return `${percent(value)} of the recent answers were wrong.`;
    case 'untried':
      return `${percent(value)} of its questions were never tried.`;
  }
}

function textV2({ code, value }: GapTerm): string {
  switch (code) {
    case 'mastery':
      return `Mastery lacks ${percent(value)}.`;
    case 'untried':
      return `What mastery lacks, times the share of questions never tried, is ${percent(value)}.`;
    case 'failures':
      return `What mastery lacks, times the share of recent answers that were wrong, is ${percent(value)}.`;
    case 'exam_weight':
    case 'prerequisite':
      return `${percent(value)}.`;
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
