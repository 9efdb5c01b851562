// One learner's facts as the brute force takes them: each id once, in canonical order.
import { compareCanonical } from '../../algorithms/index.ts';
import type { FactAttempt, FactEvent } from '../../stores/verify-fact-store.ts';

export type LearnerFacts = {
  readonly userId: string;
  readonly events: readonly FactEvent[];
  readonly attempts: readonly FactAttempt[];
  /** Every row as it was read, repetitions among them. */
  readonly storedEvents: readonly FactEvent[];
  readonly storedAttempts: readonly FactAttempt[];
};

export function learnerFacts(
  userId: string,
  stored: { readonly events: readonly FactEvent[]; readonly attempts: readonly FactAttempt[] },
): LearnerFacts {
  return {
    userId,
    events: eachOnce(stored.events),
    attempts: eachOnce(stored.attempts),
    storedEvents: stored.events,
    storedAttempts: stored.attempts,
  };
}

// A repeated id is reported as such; computing with both of its rows would only hide that.
function eachOnce<Fact extends { readonly id: string; readonly atMs: number }>(
  facts: readonly Fact[],
): readonly Fact[] {
  const ordered = facts.toSorted(compareCanonical);
  const seen = new Set<string>();
  return ordered.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** The number a property holds; 0 where it holds none. */
export function numberIn(event: FactEvent, property: string): number {
  const value = event.properties[property];
  return typeof value === 'number' ? value : 0;
}

/** Whether reading ended here: said so, or seen to 90 percent of the depth. */
export function endsReading(event: FactEvent): boolean {
  return (
    event.eventType === 'material_complete' ||
    (event.eventType === 'material_read' && numberIn(event, 'scrollDepthPercent') >= 90)
  );
}

/** Distinct values that are there, sorted. */
export function distinctOf(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}
