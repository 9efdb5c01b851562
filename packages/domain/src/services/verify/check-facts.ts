// The facts among themselves, and whether someone will come for what the worker has not seen yet.
import type { FactAttempt, FactEvent, Standing } from '../../stores/verify-fact-store.ts';
import type { Finding } from './findings.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

/** Each id once among events and among attempts, and every accepted answer counted once in the learner's row, which knows the first. */
export function checkOnce(facts: LearnerFacts, standing: Standing, past: Past | null): readonly Finding[] {
  const { answers } = standing;
  const { userId, storedEvents, storedAttempts } = facts;
  const stored = facts.attempts.filter(({ atMs }) => past === null || atMs >= past.boundaryMs).length;
  const expected = (past?.counted ?? 0) + stored;
  const counted: readonly Finding[] =
    answers === expected
      ? []
      : [
          {
            invariant: 'once',
            example: `learners user_id=${userId}: answers expected ${expected}, found ${answers}`,
          },
        ];
  return [
    ...repeated('study_events', userId, storedEvents),
    ...repeated('question_attempts', userId, storedAttempts),
    ...counted,
    ...checkFirst(facts, standing),
  ];
}

/** Searches in a learner's answers begin at `first_answer_at`: one that is older would not be found. */
function checkFirst({ userId, storedAttempts }: LearnerFacts, { firstAnswerMs }: Standing): readonly Finding[] {
  const older = storedAttempts.find(({ atMs }) => firstAnswerMs === null || atMs < firstAnswerMs);
  if (older === undefined) return [];
  const found = firstAnswerMs === null ? 'null' : new Date(firstAnswerMs).toISOString();
  const expected = new Date(older.atMs).toISOString();
  const example = `learners user_id=${userId}: first_answer_at expected ${expected} at the latest, found ${found}`;
  return [{ invariant: 'once', example }];
}

function repeated(table: string, userId: string, facts: readonly { readonly id: string }[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { id } of facts) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts]
    .filter(([, rows]) => rows > 1)
    .map(([id, rows]) => ({
      invariant: 'once',
      example: `${table} user_id=${userId} id=${id}: rows expected 1, found ${rows}`,
    }));
}

const NO_ATTEMPT = 'rows in question_attempts expected 1, found 0';

/** Every answer is an event and an attempt that say the same. */
export function checkAtomic({ userId, events, attempts }: LearnerFacts): readonly Finding[] {
  const attemptOf = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const answers = events.filter((event) => event.eventType === 'question_attempt');
  const answerIds = new Set(answers.map((event) => event.id));
  const found = (table: string, id: string, what: string): Finding => ({
    invariant: 'atomic',
    example: `${table} user_id=${userId} id=${id}: ${what}`,
  });
  return [
    ...answers.flatMap((event) => {
      const attempt = attemptOf.get(event.id);
      if (attempt === undefined) return [found('study_events', event.id, NO_ATTEMPT)];
      const differences = differencesOf(event, attempt);
      return differences === '' ? [] : [found('question_attempts', event.id, differences)];
    }),
    ...attempts
      .filter((attempt) => !answerIds.has(attempt.id))
      .map((attempt) => found('question_attempts', attempt.id, 'rows in study_events expected 1, found 0')),
  ];
}

function differencesOf(event: FactEvent, attempt: FactAttempt): string {
  const { properties } = event;
  const said: Readonly<Record<string, readonly [expected: unknown, found: unknown]>> = {
    attempted_at: [event.atMs, attempt.atMs],
    study_day: [event.studyDay, attempt.studyDay],
    session_id: [event.sessionId, attempt.sessionId],
    question_id: [event.questionId, attempt.questionId],
    topic_id: [event.topicId, attempt.topicId],
    selected_answer: [properties['selectedAnswer'], attempt.selectedAnswer],
    time_to_answer_seconds: [properties['timeToAnswerSeconds'], attempt.timeToAnswerSeconds],
    confidence_level: [properties['confidenceLevel'] ?? null, attempt.confidenceLevel],
    hint_used: [properties['hintUsed'] ?? false, attempt.hintUsed],
    explanation_viewed: [properties['explanationViewed'] ?? false, attempt.explanationViewed],
  };
  return Object.entries(said)
    .filter(([, [expected, found]]) => expected !== found)
    .map(([column, [expected, found]]) => `${column} expected ${String(expected)}, found ${String(found)}`)
    .join('; ');
}

/** Whether facts wait for the worker. */
export function isBehind({ answers, answersFolded, dirtyDays }: Standing): boolean {
  return answers !== answersFolded || dirtyDays > 0;
}

/** A learner with facts that wait for the worker has a job that will bring them in. */
export function checkAwaited(standing: Standing, hasJob: boolean): readonly Finding[] {
  if (hasJob || !isBehind(standing)) return [];
  const { userId, answers, answersFolded, dirtyDays } = standing;
  const gap = `answers ${answers}, answers folded ${answersFolded}, dirty days ${dirtyDays}`;
  return [{ invariant: 'atomic', example: `learner_progress user_id=${userId}: ${gap}, jobs expected 1, found 0` }];
}
