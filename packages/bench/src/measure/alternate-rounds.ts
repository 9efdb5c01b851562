import { summarisePairs } from './paired-ratios.ts';
import type { Pair, PairedRatios } from './paired-ratios.ts';

export type Side = 'product' | 'limit';

/** What one side did in one round: its rate, or where less is better its cost. A round with a fault does not count. */
export type Measured = { readonly rate: number; readonly fault: string | null };

export type RoundsOptions = {
  /** Pairs that must count. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onRound: (line: string) => void;
};

export type Rounds = PairedRatios & {
  /** Why rounds did not count, one text for each of them. */
  readonly failed: readonly string[];
};

/** Rounds beyond those asked for, in place of those that fail. */
const SPARE_ROUNDS = 3;

/**
 * Measures both sides in turn, after one pair that warms up and does not count; which side begins changes from pair to pair, so
 * that neither always finds the larger tables. Throws when too many rounds fail, with the last reason.
 */
export async function alternateRounds(
  measure: (side: Side) => Promise<Measured>,
  { rounds, signal, onRound }: RoundsOptions,
): Promise<Rounds> {
  const pairs: Pair[] = [];
  const failed: string[] = [];
  for (let round = 0; pairs.length < rounds; round += 1) {
    const { fault, ...pair } = await measurePair(measure, round % 2 === 1 ? 'limit' : 'product');
    signal.throwIfAborted();
    if (round === 0 && fault === null) continue;
    if (fault === null) pairs.push(pair);
    else failed.push(fault);
    onRound(`round ${pairs.length}/${rounds}: ${fault ?? `${share(pair)} of the limit`}`);
    if (failed.length > SPARE_ROUNDS) throw new Error(`${failed.length} rounds failed, the last one: ${fault}`);
  }
  return { ...summarisePairs(pairs), failed };
}

async function measurePair(
  measure: (side: Side) => Promise<Measured>,
  first: Side,
): Promise<Pair & { readonly fault: string | null }> {
  const one = await measureSide(measure, first);
  const other = await measureSide(measure, first === 'product' ? 'limit' : 'product');
  const [product, limit] = first === 'product' ? [one, other] : [other, one];
  return { product: product.rate, limit: limit.rate, fault: product.fault ?? limit.fault };
}

async function measureSide(measure: (side: Side) => Promise<Measured>, side: Side): Promise<Measured> {
  try {
    return await measure(side);
  } catch (error) {
    return { rate: 0, fault: `${side}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function share({ product, limit }: Pair): string {
  return (product / limit).toFixed(3);
}
