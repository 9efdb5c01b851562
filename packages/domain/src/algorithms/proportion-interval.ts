// How sure a share can be, told from answers that come in groups: the answers of one day or one session resemble each other,
// so they tell less than as many answers each on a day of its own.

/** Answers that belong together: those of one study day, or of one session. */
export type AnswerGroup = { readonly answers: number; readonly correct: number };

export type Interval95 = { readonly lower: number; readonly upper: number };

export type GroupedShare = Interval95 & {
  readonly answers: number;
  readonly correct: number;
  readonly share: number;
  /** How many independent answers would tell as much; at most `answers`. */
  readonly effectiveAnswers: number;
};

const CONFIDENCE = 0.95;

/**
 * Wilson's score interval of a share.
 * Formula: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
 * Symbols: p in [0, 1] the share; n > 0 the (effective) number of trials, not necessarily whole; z > 0 the normal quantile.
 * Edge cases: stays within [0, 1] and is never empty, at p = 0 and p = 1 too.
 * Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212.
 */
export function wilsonInterval(p: number, n: number, z: number): Interval95 {
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const middle = p + (z * z) / (2 * n);
  const scale = 1 + (z * z) / n;
  // The interval contains p; rounding must not put it outside.
  return {
    lower: Math.min(p, Math.max(0, (middle - spread) / scale)),
    upper: Math.max(p, Math.min(1, (middle + spread) / scale)),
  };
}

/**
 * A share with Wilson's interval for answers in groups; null with fewer than two groups that have an answer.
 * Formula: deff = m / ((m − 1) n²) · Σ (xᵢ − nᵢ p)² · n / (p(1 − p)), at least 1; effective answers = n / deff;
 * the interval is Wilson's for them, with Student's quantile for m − 1 in place of the normal one.
 * Symbols: m groups, nᵢ answers of which xᵢ are right, n = Σ nᵢ, p = Σ xᵢ / n; `confidence` in (0, 1).
 * Edge cases: all right or all wrong, deff = 1.
 * Source: J. N. K. Rao, A. J. Scott, Biometrics 48 (1992) 577–585; Student's quantile as in E. L. Korn, B. I. Graubard, Survey
 * Methodology 24 (1998) 193–201.
 */
export function groupedShare(groups: readonly AnswerGroup[], confidence = CONFIDENCE): GroupedShare | null {
  const tried = groups.filter(({ answers }) => answers > 0);
  if (tried.length < 2) return null;
  const answers = tried.reduce((sum, group) => sum + group.answers, 0);
  const correct = tried.reduce((sum, group) => sum + group.correct, 0);
  const share = correct / answers;
  const effectiveAnswers = answers / designEffect(tried, { answers, share });
  const z = studentQuantile(1 - (1 - confidence) / 2, tried.length - 1);
  return { answers, correct, share, effectiveAnswers, ...wilsonInterval(share, effectiveAnswers, z) };
}

function designEffect(
  groups: readonly AnswerGroup[],
  { answers, share }: { readonly answers: number; readonly share: number },
): number {
  const independent = (share * (1 - share)) / answers;
  if (independent === 0) return 1;
  const squares = groups.reduce((sum, group) => sum + (group.correct - group.answers * share) ** 2, 0);
  const grouped = (groups.length / (groups.length - 1)) * (squares / answers ** 2);
  return Math.max(1, grouped / independent);
}

/**
 * The interval of a difference of two shares, `a` less `b`, from the interval of each.
 * Formula: lower = pₐ − p_b − √((pₐ − lₐ)² + (u_b − p_b)²), upper = pₐ − p_b + √((uₐ − pₐ)² + (p_b − l_b)²).
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10.
 */
export function differenceInterval(a: GroupedShare, b: GroupedShare): Interval95 & { readonly difference: number } {
  const difference = a.share - b.share;
  return {
    difference,
    lower: difference - Math.hypot(a.share - a.lower, b.upper - b.share),
    upper: difference + Math.hypot(a.upper - a.share, b.share - b.lower),
  };
}

/**
 * The quantile of Student's distribution with `freedom` degrees of freedom, for p in (0.5, 1).
 * Formula: z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν² + (3z⁷ + 19z⁵ + 17z³ − 15z)/384ν³, z the normal quantile.
 * Edge cases: exact for ν = 1 and ν = 2, where the series is poor; within 1% for p ≤ 0.999 from ν = 4 on.
 * Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.7.5.
 */
export function studentQuantile(p: number, freedom: number): number {
  if (freedom === 1) return Math.tan(Math.PI * (p - 0.5));
  if (freedom === 2) return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
  const z = normalQuantile(p);
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

/**
 * The quantile of the normal distribution, for p in (0.5, 1); absolute error below 4.5e-4.
 * Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.2.23.
 */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
}
