// Two databases of one server: the same active learners with the same histories in both, and simulated learners who are at rest.
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { keys } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';
import { activeOf, withFilledDatabases } from '../stack/filled-databases.ts';

export type GrowthDatabases = {
  readonly small: ServedDatabase;
  readonly large: ServedDatabase;
  readonly checkpoint: () => Promise<void>;
  /** Of the active learners, by number. */
  readonly tokens: readonly string[];
  /** How many they are. */
  readonly active: number;
  /** For people: what is in them. */
  readonly description: string;
};

const TIMES_LARGER = 10;
export const MOST_COST = 1.3;
/** The product is the large database, the limit the small one. */
export const databaseOf = { product: 'large', limit: 'small' } as const;

/** Makes both for the time of `use`; `size` is the number of events in the large one. */
export function withGrowthDatabases<T>(
  context: BenchContext,
  use: (databases: GrowthDatabases) => Promise<T>,
): Promise<T> {
  const sizes = { small: Math.round(context.size / TIMES_LARGER), large: context.size };
  const active = activeOf(sizes.large);
  const fillings = [sizes.small, sizes.large].map((events) => ({ events, active }));
  return withFilledDatabases(context, fillings, async ({ databases, checkpoint }) => {
    const [small, large] = databases as readonly [ServedDatabase, ServedDatabase]; // as: two in, two out
    const ids = Array.from({ length: active }, (_, learner) => learnerId(learner));
    const tokens = await signTokens(ids, { secret: keys.token, role: 'learner' });
    const description = `${sizes.small} and ${sizes.large} events, ${active} active learners in both`;
    return use({ small, large, checkpoint, tokens, active, description });
  });
}
