// Graphs of the curriculum: which topic lies under which, and which is to be learned before which.

/** `from` comes before `to`: a prerequisite before what needs it, or a topic before its parent. */
export type TopicEdge = { readonly from: string; readonly to: string };

export type OutlineNode = {
  readonly id: string;
  readonly parentId: string | null;
  readonly slug: string;
  /** Own exam weight, 0–10; null where the topic inherits it. */
  readonly weight: number | null;
};

export type TopicPlace = {
  /** Topics above this one. */
  readonly depth: number;
  /** Slugs from the root down, joined by '/'. */
  readonly path: string;
  /** 0–10. */
  readonly effectiveWeight: number;
};

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighboursOf(edges: readonly TopicEdge[]): Neighbours {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, [to]);
    else known.push(to);
  }
  return neighbours;
}

/**
 * The first cycle met when the edges are followed in their given order, as ids with the first repeated at the end; null in a
 * DAG. An edge from a topic to itself is a cycle of one.
 */
export function findCycle(edges: readonly TopicEdge[]): readonly string[] | null {
  const neighbours = neighboursOf(edges);
  const cleared = new Set<string>();
  for (const start of neighbours.keys()) {
    const cycle = findCycleFrom(start, neighbours, cleared);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** Depth first, without recursion: a chain may be longer than the call stack. Adds what leads to no cycle to `cleared`. */
function findCycleFrom(start: string, neighbours: Neighbours, cleared: Set<string>): readonly string[] | null {
  if (cleared.has(start)) return null;
  const path = [start];
  const places = new Map([[start, 0]]);
  const pending = [[...(neighbours.get(start) ?? [])].reverse()];
  for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
    const id = next.pop();
    if (id === undefined) {
      pending.pop();
      const left = path.pop();
      if (left !== undefined) cleared.add(left);
      if (left !== undefined) places.delete(left);
      continue;
    }
    const place = places.get(id);
    if (place !== undefined) return [...path.slice(place), id];
    if (cleared.has(id)) continue;
    places.set(id, path.length);
    path.push(id);
    pending.push([...(neighbours.get(id) ?? [])].reverse());
  }
  return null;
}

/**
 * How many topics each topic is a direct or indirect prerequisite of; a topic that blocks none is absent.
 * Edge cases: several ways to one topic count once; in a cycle a topic does not block itself. O(topics · edges).
 */
export function countBlocked(prerequisites: readonly TopicEdge[]): ReadonlyMap<string, number> {
  const neighbours = neighboursOf(prerequisites);
  const counts = new Map<string, number>();
  for (const start of neighbours.keys()) {
    const reached = new Set([start]);
    for (const id of reached) for (const next of neighbours.get(id) ?? []) reached.add(next);
    if (reached.size > 1) counts.set(start, reached.size - 1);
  }
  return counts;
}

/**
 * Where each topic lies: its depth, its path, and its exam weight (own, else the nearest ancestor's, else 0).
 * Throws RangeError on a parent that is not among the nodes, and on a topic that lies under itself.
 */
export function placeTopics(nodes: readonly OutlineNode[]): ReadonlyMap<string, TopicPlace> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<string, TopicPlace>();
  for (const node of nodes) {
    for (const ancestor of unplacedAncestors(node, byId, places)) {
      const above = ancestor.parentId === null ? undefined : places.get(ancestor.parentId);
      places.set(ancestor.id, placeUnder(above, ancestor));
    }
  }
  return places;
}

function placeUnder(above: TopicPlace | undefined, { slug, weight }: OutlineNode): TopicPlace {
  if (above === undefined) return { depth: 0, path: slug, effectiveWeight: weight ?? 0 };
  return { depth: above.depth + 1, path: `${above.path}/${slug}`, effectiveWeight: weight ?? above.effectiveWeight };
}

/** The node and those above it that have no place yet, highest first. */
function unplacedAncestors(
  node: OutlineNode,
  byId: ReadonlyMap<string, OutlineNode>,
  places: ReadonlyMap<string, TopicPlace>,
): readonly OutlineNode[] {
  const chain = new Set<OutlineNode>();
  for (let current: OutlineNode | undefined = node; current !== undefined && !places.has(current.id);) {
    if (chain.has(current)) throw new RangeError(`topic ${current.id} lies under itself`);
    chain.add(current);
    const { id, parentId }: OutlineNode = current;
    if (parentId === null) break;
    current = byId.get(parentId);
    if (current === undefined) throw new RangeError(`topic ${id}: unknown parent ${parentId}`);
  }
  return [...chain].reverse();
}
