import { expect } from 'chai';
import fc from 'fast-check';
import { gapPath } from '@studyin/domain/algorithms';

const graph = (edges: Readonly<Record<string, readonly string[]>>, met: readonly string[] = []) => ({
  before: (id: string) => edges[id] ?? [],
  isMet: (id: string) => met.includes(id),
});

describe('the path to a gap', () => {
  it('begins with what needs nothing and ends before the gap', () => {
    const edges = { heart: ['flow', 'cell'], flow: ['cell', 'pressure'], pressure: ['physics'] };
    expect(gapPath('heart', graph(edges))).eql(['cell', 'physics', 'pressure', 'flow']);
    expect(gapPath('physics', graph(edges))).eql([]);
  });

  it('goes round what is known, and does not look behind it', () => {
    const edges = { heart: ['flow', 'cell'], flow: ['pressure'], pressure: ['physics'] };
    expect(gapPath('heart', graph(edges, ['flow']))).eql(['cell']);
    expect(gapPath('heart', graph(edges, ['pressure']))).eql(['flow', 'cell']);
    expect(gapPath('heart', graph(edges, ['flow', 'cell']))).eql([]);
  });

  it('names each unmet topic that unmet ones lead to once, after all that it needs', () => {
    const arrows = fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 });
    fc.assert(
      fc.property(arrows, fc.array(fc.nat(14)), (pairs, known) => {
        const edges: Record<string, string[]> = {};
        for (const [a, b] of pairs) if (a < b) (edges[`${b}`] ??= []).push(`${a}`);
        const met = known.map(String).filter((id) => id !== '14');
        const path = gapPath('14', graph(edges, met));
        const reached = new Set<string>();
        const visit = (id: string): void => {
          for (const next of edges[id] ?? []) {
            if (met.includes(next)) continue;
            reached.add(next);
            visit(next);
          }
        };
        visit('14');
        expect([...path].sort()).eql([...reached].sort());
        for (const [place, id] of path.entries()) {
          for (const next of edges[id] ?? []) {
            if (!met.includes(next)) expect(path.indexOf(next)).within(0, place - 1);
          }
        }
      }),
    );
  });

  it('ends on a cycle, and on a chain longer than the call stack', () => {
    expect(gapPath('a', graph({ a: ['b'], b: ['c'], c: ['a', 'b'] }))).eql(['c', 'b']);
    const chain = { before: (id: string) => (id === '50000' ? [] : [String(Number(id) + 1)]), isMet: () => false };
    expect(gapPath('0', chain)).length(50_000);
  });
});
