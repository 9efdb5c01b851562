// What the curriculum's outline will be after an import, decided before anything is written.
import { countBlocked, findCycle, placeTopics } from '../algorithms/index.ts';
import type { DerivedTopicRow, Outline, OutlineTopic, TopicRow } from '../stores/curriculum-write-store.ts';
import { invalidInput } from './curriculum-input.ts';
import type { GivenCurriculum } from './curriculum-input.ts';

export type MergedOutline = {
  /** The given topics, complete. */
  readonly given: readonly TopicRow[];
  /** What follows from the whole, for every topic. */
  readonly derived: readonly DerivedTopicRow[];
  /** Given topics that are stored under another slug. */
  readonly renamed: readonly string[];
};

type Node = Omit<OutlineTopic, 'level'> & { readonly level: number | null };

/**
 * The stored outline with the given rows over it. Throws `invalid`, naming it, for a duplicate slug, an unknown parent or
 * topic, a topic under itself, a level that is not below its parent's, and a cycle of prerequisites.
 */
export function mergeOutline(stored: Outline, given: GivenCurriculum): MergedOutline {
  const nodes = new Map<string, Node>(stored.topics.map((topic) => [topic.id, topic]));
  for (const { id, parentId, slug, boardExamWeight, level = null } of given.topics) {
    nodes.set(id, { id, parentId, slug, boardExamWeight, level });
  }
  refuseSlugsInUse(nodes, given);
  refuseUnknownTopics(nodes, given);
  refuseParentCycle(nodes, given);
  const places = placeTopics(
    [...nodes.values()].map(({ boardExamWeight, ...node }) => ({ ...node, weight: boardExamWeight })),
  );
  const levels = levelsOf(nodes, places.keys(), given);
  const blocked = blockedCounts(stored, given, nodes);
  const derived = [...places].map(([id, { path, effectiveWeight }]) => ({
    id,
    path,
    effectiveExamWeight: effectiveWeight,
    blocksCount: blocked.get(id) ?? 0,
  }));
  const storedSlugs = new Map(stored.topics.map(({ id, slug }) => [id, slug]));
  return {
    derived,
    given: given.topics.map((topic) => {
      const { path, effectiveWeight } = found(places, topic.id);
      return { ...topic, path, effectiveExamWeight: effectiveWeight, level: found(levels, topic.id) };
    }),
    renamed: given.topics.filter(({ id, slug }) => (storedSlugs.get(id) ?? slug) !== slug).map(({ id }) => id),
  };
}

function found<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`topic ${id} has no place in the outline`);
  return value;
}

function refuseSlugsInUse(nodes: ReadonlyMap<string, Node>, given: GivenCurriculum): void {
  const owners = new Map<string, string[]>();
  for (const { id, slug } of nodes.values()) owners.set(slug, [...(owners.get(slug) ?? []), id]);
  given.topics.forEach(({ id, slug }, index) => {
    const other = owners.get(slug)?.find((owner) => owner !== id);
    if (other !== undefined) {
      throw invalidInput(`topics.${index}.slug`, `duplicate slug "${slug}", topic ${other} has it`);
    }
  });
}

function refuseUnknownTopics(
  nodes: ReadonlyMap<string, Node>,
  { topics, relationships, questions, materials }: GivenCurriculum,
): void {
  const check = (topicId: string | null, path: string, what: string): void => {
    if (topicId !== null && !nodes.has(topicId)) throw invalidInput(path, `unknown ${what} ${topicId}`);
  };
  topics.forEach(({ parentId }, index) => check(parentId, `topics.${index}.parentId`, 'parent'));
  relationships.forEach(({ sourceTopicId, targetTopicId }, index) => {
    check(sourceTopicId, `relationships.${index}.sourceTopicId`, 'topic');
    check(targetTopicId, `relationships.${index}.targetTopicId`, 'topic');
  });
  questions.forEach(({ topicId }, index) => check(topicId, `questions.${index}.topicId`, 'topic'));
  materials.forEach(({ topicId }, index) => check(topicId, `materials.${index}.topicId`, 'topic'));
}

function slugsOf(nodes: ReadonlyMap<string, Node>, ids: readonly string[]): string {
  return ids.map((id) => nodes.get(id)?.slug ?? id).join(' → ');
}

function refuseParentCycle(nodes: ReadonlyMap<string, Node>, given: GivenCurriculum): void {
  const cycle = findCycle(
    [...nodes.values()].flatMap(({ id, parentId }) => (parentId === null ? [] : [{ from: id, to: parentId }])),
  );
  if (cycle === null) return;
  // The stored outline has none, so one of its topics is given.
  const index = given.topics.findIndex(({ id }) => cycle.includes(id));
  throw invalidInput(`topics.${index}.parentId`, `cycle of parents: ${slugsOf(nodes, cycle)}`);
}

/** Levels as given or stored; one below the parent where neither is. `ids` name parents before their children. */
function levelsOf(
  nodes: ReadonlyMap<string, Node>,
  ids: Iterable<string>,
  given: GivenCurriculum,
): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const id of ids) {
    const node = found(nodes, id);
    const above = node.parentId === null ? -1 : found(levels, node.parentId);
    const level = node.level ?? above + 1;
    if (level > 3 || level <= above) throw invalidInput(pathOfLevel(node, given), levelFault(node.slug, level, above));
    levels.set(id, level);
  }
  return levels;
}

function levelFault(slug: string, level: number, above: number): string {
  return `"${slug}" would have level ${level} under a parent of level ${above}; levels go down from 0 to 3`;
}

/** The fault lies with the topic if it is given, else with its parent that moved. */
function pathOfLevel({ id, parentId }: Node, given: GivenCurriculum): string {
  const index = [id, parentId]
    .map((topicId) => given.topics.findIndex((topic) => topic.id === topicId))
    .find((place) => place >= 0);
  return index === undefined ? 'topics' : `topics.${index}.level`;
}

function blockedCounts(
  stored: Outline,
  given: GivenCurriculum,
  nodes: ReadonlyMap<string, Node>,
): ReadonlyMap<string, number> {
  const added = given.relationships.filter(({ relationshipType }) => relationshipType === 'prerequisite');
  const edges = [...stored.prerequisites, ...added].map(({ sourceTopicId, targetTopicId }) => ({
    from: sourceTopicId,
    to: targetTopicId,
  }));
  const cycle = findCycle(edges);
  if (cycle === null) return countBlocked(edges);
  const index = given.relationships.findIndex(
    ({ relationshipType, sourceTopicId, targetTopicId }) =>
      relationshipType === 'prerequisite' &&
      cycle.some((id, place) => id === sourceTopicId && cycle[place + 1] === targetTopicId),
  );
  throw invalidInput(`relationships.${index}`, `cycle of prerequisites: ${slugsOf(nodes, cycle)}`);
}
