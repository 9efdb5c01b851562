import type { AppRouter } from '@studyin/api/router';
import type { TRPCLink } from '@trpc/client';

/**
 * Names the learner in the input of every call of tracking.* and dashboard.*, and in every event of a batch.
 * What names a learner already keeps it.
 */
export function nameLearner(userId: string): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      if (!/^(tracking|dashboard)\./.test(op.path)) return next(op);
      return next({
        ...op,
        input: op.path === 'tracking.events' ? withLearners(op.input, userId) : withLearner(op.input, userId),
      });
    };
}

function withLearners(input: unknown, userId: string): unknown {
  if (!isRecord(input) || !Array.isArray(input['events'])) return input;
  return { ...input, events: input['events'].map((event: unknown) => withLearner(event, userId)) };
}

function withLearner(input: unknown, userId: string): unknown {
  if (input === undefined) return { userId };
  return isRecord(input) ? { ...input, userId: input['userId'] ?? userId } : input;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
