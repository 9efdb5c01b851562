// What the exam asks about: the same for all learners of one version of the curriculum.
import type { ExamTopic } from './readiness.ts';

export type ExamOutline = {
  readonly topics: Iterable<{
    readonly id: string;
    readonly parentId: string | null;
    readonly level: number;
    readonly examWeight: number;
  }>;
  /** Topics that nothing lies below. */
  readonly leaves: readonly {
    readonly topicId: string;
    readonly examWeight: number;
    readonly questionsCount: number;
    readonly materialIds: readonly string[];
  }[];
};

/** The leaves that have something to learn, each in its system: the ancestor of level 1, or the highest there is. O(topics). */
export function examTopics({ topics, leaves }: ExamOutline): readonly ExamTopic[] {
  const topicOf = new Map([...topics].map((topic) => [topic.id, topic]));
  return leaves
    .filter(({ questionsCount, materialIds }) => questionsCount > 0 || materialIds.length > 0)
    .map(({ topicId, examWeight }) => {
      let system = topicOf.get(topicId);
      while (system !== undefined && system.level > 1 && system.parentId !== null) {
        system = topicOf.get(system.parentId);
      }
      return {
        topicId,
        systemId: system?.id ?? topicId,
        systemWeight: system?.examWeight ?? examWeight,
        weight: examWeight,
      };
    });
}
