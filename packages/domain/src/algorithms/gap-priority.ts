// How urgent a topic is. Each version gives its score as terms in a fixed order, and the score is their sum: so what explains
// a gap is what ranked it, to the bit.

/** The `calculation_version` of a gap: 1 is the mission's formula, 2 is ours. */
export type GapVersion = 1 | 2;

export const DEFAULT_GAP_VERSION: GapVersion = 2;

const MAX_EXAM_WEIGHT = 10;
const NEED = { mastery: 0.5, untried: 0.3, failures: 0.2 };
const IMPORTANCE = { base: 0.15, examWeight: 0.7, prerequisite: 0.15 };
const BLOCKED_TOPICS_AT_HALF = 4;

export type GapFacts = {
  /** 0 to 1; null for a topic never practised. */
  readonly masteryScore: number | null;
  /** 0 to 10. */
  readonly examWeight: number;
  /** Topics that this one is a direct or indirect prerequisite of. */
  readonly blocksCount: number;
  /** Share of the topic's questions that were never tried, 0 to 1. */
  readonly untriedShare: number;
  /** Share wrong of the recent attempts, 0 to 1; null without any. */
  readonly recentFailureRate: number | null;
};

export type GapTerm = {
  readonly code: 'mastery' | 'untried' | 'failures' | 'exam_weight' | 'prerequisite';
  /** What was measured. */
  readonly value: number;
  /** What it counts. */
  readonly factor: number;
  /** value · factor */
  readonly contribution: number;
};

export type ImportanceTerm = {
  readonly code: 'base' | 'exam_weight' | 'prerequisite';
  readonly contribution: number;
};

export type GapExplanation = {
  readonly version: GapVersion;
  /** Higher is more urgent; scores of two versions are not comparable. */
  readonly score: number;
  /** Added from first to last they are the score to the bit: kept as a list, since jsonb orders an object's keys anew. */
  readonly terms: readonly GapTerm[];
  /** Version 2: added from first to last, what the factors of `terms` are multiplied by. Empty in version 1. */
  readonly importance: readonly ImportanceTerm[];
};

/**
 * Priority of a gap with the terms it is the sum of, by the version asked for.
 * Version 1: 3 · gap + 2 · exam weight + 1 · blocks count + 1.5 · recent failure rate. Symbols: gap = 1 − mastery in
 * [0, 1]; exam weight 0–10; blocks count ≥ 0. Nearly all of its variance is exam weight.
 * Version 2: need · importance, in [0, 1], as three terms (part of need) · importance.
 * need = 0.5 gap + 0.3 gap · untried + 0.2 gap · failures: gap is a factor throughout, so what is known well is needed
 * little. importance = 0.15 + 0.7 · exam weight/10 + 0.15 · blocks/(blocks + 4).
 * Symbols: untried and failures shares in [0, 1]; every part in [0, 1].
 * Why a mastered topic never outranks an untried one of near weight (within 4 of the 10 points): its need is at most 0.2,
 * an untried one's at least 0.8, and the importances of the two differ by less than four times.
 * Edge cases: never practised, mastery counts as 0; no recent attempt, failures as 0; version 2 holds the exam weight
 * to 0–10. Source: version 1 the mission's quick reference; version 2 our own.
 */
export function explainGap(facts: GapFacts, version: GapVersion = DEFAULT_GAP_VERSION): GapExplanation {
  const importance = version === 1 ? [] : importanceTerms(facts);
  const terms = version === 1 ? termsV1(facts) : termsV2(facts, sumOf(importance));
  return { version, score: sumOf(terms), terms, importance };
}

/** 1 − mastery; a topic never practised is all gap. */
export function gapScoreOf(masteryScore: number | null): number {
  return 1 - (masteryScore ?? 0);
}

function termsV1({ masteryScore, examWeight, blocksCount, recentFailureRate }: GapFacts): readonly GapTerm[] {
  return [
    term('mastery', gapScoreOf(masteryScore), 3),
    term('exam_weight', examWeight, 2),
    term('prerequisite', blocksCount, 1),
    term('failures', recentFailureRate ?? 0, 1.5),
  ];
}

function termsV2(facts: GapFacts, importance: number): readonly GapTerm[] {
  const gap = gapScoreOf(facts.masteryScore);
  return [
    term('mastery', gap, NEED.mastery * importance),
    term('untried', gap * facts.untriedShare, NEED.untried * importance),
    term('failures', gap * (facts.recentFailureRate ?? 0), NEED.failures * importance),
  ];
}

function importanceTerms({ examWeight, blocksCount }: GapFacts): readonly ImportanceTerm[] {
  const weight = Math.min(1, Math.max(0, examWeight / MAX_EXAM_WEIGHT));
  return [
    { code: 'base', contribution: IMPORTANCE.base },
    { code: 'exam_weight', contribution: IMPORTANCE.examWeight * weight },
    {
      code: 'prerequisite',
      contribution: IMPORTANCE.prerequisite * (blocksCount / (blocksCount + BLOCKED_TOPICS_AT_HALF)),
    },
  ];
}

function term(code: GapTerm['code'], value: number, factor: number): GapTerm {
  return { code, value, factor, contribution: value * factor };
}

function sumOf(terms: readonly { readonly contribution: number }[]): number {
  return terms.reduce((sum, { contribution }) => sum + contribution, 0);
}
