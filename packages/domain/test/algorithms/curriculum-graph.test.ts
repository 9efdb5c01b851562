import { expect } from 'chai';
import fc from 'fast-check';
import { countBlocked, findCycle, placeTopics, type OutlineNode, type TopicEdge } from '@studyin/domain/algorithms';

const edge = (from: string, to: string): TopicEdge => ({ from, to });
const node = (id: string, parentId: string | null = null, weight: number | null = null): OutlineNode => ({
  id,
  parentId,
  slug: id,
  weight,
});

// Edges that only go up from a smaller to a larger number: never a cycle.
const dagEdges = fc
  .array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 40 })
  .map((pairs) =>
    pairs.filter(([a, b]) => a !== b).map(([a, b]) => edge(String(Math.min(a, b)), String(Math.max(a, b)))),
  );

function reachable(edges: readonly TopicEdge[], start: string): ReadonlySet<string> {
  const direct = edges.filter(({ from }) => from === start).map(({ to }) => to);
  return new Set(direct.flatMap((id) => [id, ...reachable(edges, id)]));
}

describe('a cycle of topics', () => {
  it('is found and named with its first topic repeated at the end', () => {
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).to.deep.equal(['b', 'c', 'b']);
    expect(findCycle([edge('a', 'a')])).to.deep.equal(['a', 'a']);
  });

  it('is not a diamond, nor a topic that is reached twice', () => {
    expect(findCycle([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd'), edge('a', 'b')])).to.equal(null);
    expect(findCycle([])).to.equal(null);
  });

  it('is never found in a DAG, and always once an edge closes a way back', () => {
    fc.assert(
      fc.property(dagEdges, (edges) => {
        expect(findCycle(edges)).to.equal(null);
        const [first] = edges;
        if (first === undefined) return;
        const cycle = findCycle([...edges, edge(first.to, first.from)]) ?? [];
        expect(cycle.length).to.be.greaterThan(1);
        expect(cycle[0]).to.equal(cycle.at(-1));
        const pairs = cycle.slice(1).map((to, place) => `${cycle[place] ?? ''}>${to}`);
        const known = [...edges, edge(first.to, first.from)].map(({ from, to }) => `${from}>${to}`);
        expect(known).to.include.members(pairs);
      }),
    );
  });

  it('is looked for in a chain of 100,000 topics without exhausting the stack', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => edge(String(index), String(index + 1)));
    expect(findCycle(chain)).to.equal(null);
    expect(findCycle([...chain, edge('100000', '0')])).to.have.length(100_002);
  });
});

describe('blocked topics', () => {
  it('count direct and indirect dependants once', () => {
    const counts = countBlocked([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd'), edge('x', 'd')]);
    expect([...counts]).to.deep.equal([
      ['a', 3],
      ['b', 1],
      ['c', 1],
      ['x', 1],
    ]);
  });

  it('equal brute force on any DAG', () => {
    fc.assert(
      fc.property(dagEdges, (edges) => {
        const counts = countBlocked(edges);
        for (let id = 0; id <= 12; id += 1) {
          expect(counts.get(String(id)) ?? 0).to.equal(reachable(edges, String(id)).size);
        }
      }),
    );
  });
});

describe('the place of a topic', () => {
  it('has the path of slugs from the root, and the nearest weight above where it has none', () => {
    const places = placeTopics([
      node('leaf', 'mid'),
      node('mid', 'top'),
      node('top', 'root', 4),
      node('root'),
      node('zero', 'top', 0),
      node('alone'),
    ]);
    expect(places.get('leaf')).to.deep.equal({ depth: 3, path: 'root/top/mid/leaf', effectiveWeight: 4 });
    expect(places.get('root')).to.deep.equal({ depth: 0, path: 'root', effectiveWeight: 0 });
    expect(places.get('zero')?.effectiveWeight).to.equal(0);
    expect(places.get('alone')?.path).to.equal('alone');
  });

  it('names every parent before its children, whatever the order given', () => {
    const ids = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 });
    fc.assert(
      fc.property(ids, (order) => {
        const parents: Readonly<Record<string, string | null>> = { a: null, b: 'a', c: 'b', d: 'a', e: 'c' };
        const placed = [...placeTopics(order.map((id) => node(id, parents[id] ?? null))).keys()];
        for (const id of order) {
          const parent = parents[id] ?? null;
          if (parent !== null) expect(placed.indexOf(parent)).to.be.lessThan(placed.indexOf(id));
        }
      }),
    );
  });

  it('is refused to a topic under itself or under an unknown one', () => {
    expect(() => placeTopics([node('a', 'b'), node('b', 'a')])).to.throw(RangeError, 'lies under itself');
    expect(() => placeTopics([node('a', 'gone')])).to.throw(RangeError, 'unknown parent gone');
  });
});
