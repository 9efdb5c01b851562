// From a parsed event to what will be stored: its topic found, its answer graded once. Pure over one curriculum.
import type { ParsedEvent, RejectReason } from '../events/index.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';

export type Verdict = {
  readonly selectedAnswer: string;
  readonly correctAnswer: string | null;
  readonly isCorrect: boolean;
  readonly gradedBy: 'key' | 'client';
  readonly questionVersion: number | null;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel: number | null;
  readonly hintUsed: boolean;
  readonly explanationViewed: boolean;
  readonly note: 'conflict_with_key' | null;
};

export type Rejection = { readonly reason: RejectReason; readonly path: string };

export type Resolution =
  | { readonly ok: true; readonly topicId: string | null; readonly verdict: Verdict | null }
  | { readonly ok: false; readonly rejection: Rejection };

/** The properties of a `question_attempt`, as its schema has checked them. */
export type AttemptProperties = {
  readonly selectedAnswer: string;
  readonly correctAnswer?: string;
  readonly isCorrect?: boolean;
  readonly questionVersion?: number;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel?: number;
  readonly hintUsed?: boolean;
  readonly explanationViewed?: boolean;
};

/**
 * Finds the topic (the caller's, else the question's, else the material's) and grades an answer: by the key where the question
 * is known, else by what the caller claims. Rejects ids the curriculum does not hold, and an answer nobody can grade.
 */
export function resolveEvent(event: ParsedEvent, curriculum: Curriculum): Resolution {
  const question = event.questionId === null ? undefined : curriculum.questions.get(event.questionId);
  const material = event.materialId === null ? undefined : curriculum.materials.get(event.materialId);
  if (event.materialId !== null && material === undefined) return rejected('unknown_material', 'materialId');
  const topicId = event.topicId ?? question?.topicId ?? material?.topicId ?? null;
  if (topicId !== null && !curriculum.topics.has(topicId)) return rejected('unknown_topic', 'topicId');
  if (event.eventType !== 'question_attempt') return { ok: true, topicId, verdict: null };
  if (topicId === null) return rejected('unknown_topic', 'topicId');
  // as: the schema of question_attempt has checked these properties
  const verdict = gradeAttempt(event.properties as unknown as AttemptProperties, question);
  return verdict === null ? rejected('invalid', 'properties.correctAnswer') : { ok: true, topicId, verdict };
}

/** Grades once; `null` where neither a key nor the caller says what is right. */
function gradeAttempt(
  claim: AttemptProperties,
  question: { readonly correctAnswer: string; readonly version: number } | undefined,
): Verdict | null {
  const claimed =
    claim.isCorrect ?? (claim.correctAnswer === undefined ? undefined : claim.selectedAnswer === claim.correctAnswer);
  const isCorrect = question === undefined ? claimed : claim.selectedAnswer === question.correctAnswer;
  if (isCorrect === undefined) return null;
  const differs = question !== undefined && (claimed ?? isCorrect) !== isCorrect;
  return {
    selectedAnswer: claim.selectedAnswer,
    correctAnswer: question?.correctAnswer ?? claim.correctAnswer ?? null,
    isCorrect,
    gradedBy: question === undefined ? 'client' : 'key',
    questionVersion: question?.version ?? claim.questionVersion ?? null,
    timeToAnswerSeconds: claim.timeToAnswerSeconds,
    confidenceLevel: claim.confidenceLevel ?? null,
    hintUsed: claim.hintUsed ?? false,
    explanationViewed: claim.explanationViewed ?? false,
    note: differs ? 'conflict_with_key' : null,
  };
}

function rejected(reason: RejectReason, path: string): Resolution {
  return { ok: false, rejection: { reason, path } };
}
