/** What the curriculum puts before a topic, and whether the learner knows it. */
export type Prerequisites = {
  /** Direct prerequisites of a topic, in the curriculum's order. */
  readonly before: (topicId: string) => readonly string[];
  readonly isMet: (topicId: string) => boolean;
};

/**
 * The topics to learn before `topicId`, in an order in which each comes after what it needs itself: its prerequisites that are
 * not met, theirs, and so on; what lies behind a prerequisite that is met is taken as known.
 * Edge cases: empty where all are met; each topic once, however many ways lead to it; a cycle, which the curriculum refuses, is
 * cut where it closes. O(topics + edges).
 */
export function gapPath(topicId: string, { before, isMet }: Prerequisites): readonly string[] {
  const path: string[] = [];
  const seen = new Set([topicId]);
  // Without recursion: a chain may be longer than the call stack.
  const open = [{ topicId, next: before(topicId).values() }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { value: id, done = false } = top.next.next();
    if (done) {
      open.pop();
      if (open.length > 0) path.push(top.topicId);
    } else if (id !== undefined && !seen.has(id) && !isMet(id)) {
      seen.add(id);
      open.push({ topicId: id, next: before(id).values() });
    }
  }
  return path;
}
