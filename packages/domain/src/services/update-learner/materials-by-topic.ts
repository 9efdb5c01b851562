import type { MaterialsByTopic } from '../../algorithms/index.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import type { Completion } from '../../stores/mastery-store.ts';

// A material counts in the topic that the curriculum gives it, whatever topic its events named: else more could be completed
// in a topic than it has, and a late event could move a completion to another topic.
export function materialsByTopic(
  { materialCounts, materials }: Pick<Curriculum, 'materialCounts' | 'materials'>,
  completions: readonly Completion[],
): MaterialsByTopic {
  const completed = Map.groupBy(completions, ({ materialId }) => materials.get(materialId)?.topicId);
  return new Map(
    [...materialCounts].map(([topicId, total]) => {
      const completedAtMs = (completed.get(topicId) ?? []).map((one) => one.completedAtMs).sort((a, b) => a - b);
      return [topicId, { total, completedAtMs }];
    }),
  );
}
