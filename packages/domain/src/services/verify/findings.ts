// What a verification has found, counted by invariant, with the first few in words.

export const invariantIds = ['once', 'atomic', 'session_counters', 'derived', 'bounded'] as const;
export type InvariantId = (typeof invariantIds)[number];

/** One broken row: the invariant it breaks, and which row, with what was expected and what is there. */
export type Finding = { readonly invariant: InvariantId; readonly example: string };

export type InvariantReport = {
  readonly id: InvariantId;
  readonly ok: boolean;
  readonly count: number;
  readonly examples: readonly string[];
};

export type Findings = {
  add(findings: readonly Finding[]): void;
  report(): readonly InvariantReport[];
};

export function createFindings(limitExamples: number): Findings {
  const counts = new Map<InvariantId, number>();
  const examples = new Map<InvariantId, string[]>(invariantIds.map((id) => [id, []]));
  return {
    add: (findings) => {
      for (const { invariant, example } of findings) {
        counts.set(invariant, (counts.get(invariant) ?? 0) + 1);
        const shown = examples.get(invariant);
        if (shown !== undefined && shown.length < limitExamples) shown.push(example);
      }
    },
    report: () =>
      invariantIds.map((id) => {
        const count = counts.get(id) ?? 0;
        return { id, ok: count === 0, count, examples: [...(examples.get(id) ?? [])] };
      }),
  };
}
