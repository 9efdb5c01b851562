import type { CurriculumInput } from '@studyin/domain/services';

export type StudyQuestion = {
  readonly id: string;
  readonly correctAnswer: string;
  readonly options: readonly string[];
  /** 0 easy to 1 hard. */
  readonly difficulty: number;
};

export type StudyMaterial = { readonly id: string; readonly kind: string; readonly chunkCount: number };

/** A topic that can be studied: one with questions. */
export type StudyTopic = {
  readonly id: string;
  readonly questions: readonly StudyQuestion[];
  readonly materials: readonly StudyMaterial[];
};

/** The topics of a curriculum that have questions, in its order. */
export function studyTopicsOf({ topics = [], questions = [], materials = [] }: CurriculumInput): readonly StudyTopic[] {
  const questionsOf = Map.groupBy(questions, ({ topicId }) => topicId);
  const materialsOf = Map.groupBy(materials, ({ topicId }) => topicId);
  return topics.flatMap(({ id }) => {
    const own = (questionsOf.get(id) ?? []).map((question) => ({
      id: question.id,
      correctAnswer: question.correctAnswer,
      options: question.options ?? [],
      difficulty: question.difficulty ?? 0.5,
    }));
    if (own.length === 0) return [];
    const read = (materialsOf.get(id) ?? []).map(({ id: materialId, kind, chunkCount = 0 }) => ({
      id: materialId,
      kind,
      chunkCount,
    }));
    return [{ id, questions: own, materials: read }];
  });
}
