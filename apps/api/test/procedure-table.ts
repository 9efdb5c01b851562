// Every procedure of the router, written out: how it is called and who may call it.
import { randomUUID } from 'node:crypto';
import { attempt, item, materialId, newId, newLearner, questionId, sessionId, topicId } from './test-curriculum.ts';

export const learner = newLearner();
export const stranger = newLearner();
export const staff = newLearner();
export const erased = newLearner();
export const leaving = newLearner();

export const cohortId = randomUUID();

export const people = ['anonymous', 'expired', 'self', 'other', 'instructor', 'admin', 'service', 'erased'] as const;
export type Person = (typeof people)[number];
export type Row = {
  readonly type: 'query' | 'mutation';
  /** Names the learner where a caller does so. */
  readonly input: (userId: string | undefined) => unknown;
  /** Codes in the order of `people`. */
  readonly codes: readonly [string, string, string, string, string, string, string, string];
  /** Whose own the call is; default `learner`. */
  readonly learner?: string;
};

// `self` and `erased` name nobody; `other` is a learner who names somebody else; instructor (of no cohort), admin and service
// name the learner.
const tracks = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'NOT_FOUND',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'NOT_FOUND',
] as const;
const tracksBatch = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'rejected invalid userId',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'rejected erased userId',
] as const;
const reads = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'NOT_FOUND', 'NOT_FOUND', 'OK', 'FORBIDDEN', 'NOT_FOUND'] as const;
const ownOnly = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'BAD_REQUEST',
  'FORBIDDEN',
  'FORBIDDEN',
  'FORBIDDEN',
  'NOT_FOUND',
] as const;
const anybody = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK'] as const;
// Nobody asks whether somebody is known: the log outlives an erasure.
const ownLog = [...ownOnly.slice(0, 7), 'OK'] as unknown as Row['codes']; // as: eight codes of eight
const erases = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'NOT_FOUND', 'FORBIDDEN', 'OK', 'FORBIDDEN', 'OK'] as const;
const maintains = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'OK',
  'FORBIDDEN',
] as const;

const rosters = ['UNAUTHORIZED', 'UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'OK', 'OK', 'OK', 'FORBIDDEN'] as const;
// of an instructor who teaches it not
const ownRosters = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'FORBIDDEN',
  'NOT_FOUND',
  'OK',
  'OK',
  'FORBIDDEN',
] as const;

const of = (userId: string | undefined, fields: object = {}): object =>
  userId === undefined ? fields : { ...fields, userId };
const session = (userId: string | undefined): object => of(userId, { eventId: newId(), sessionId });
const query = (fields: object = {}): Row => ({ type: 'query', input: (userId) => of(userId, fields), codes: reads });
const mutation = (input: Row['input'], codes: Row['codes'] = tracks): Row => ({ type: 'mutation', input, codes });

/** Every procedure: how it is called, and what each of `people` is answered. */
export const procedureTable: Readonly<Record<string, Row>> = {
  'tracking.events': mutation((userId) => ({ events: [item(of(userId) as Record<string, unknown>)] }), tracksBatch),
  'tracking.event': mutation((userId) => item(of(userId) as Record<string, unknown>)),
  'tracking.questionAttempt': mutation((userId) => attempt(of(userId) as Record<string, unknown>)),
  'tracking.materialInteraction': mutation((userId) =>
    of(userId, { eventId: newId(), sessionId, materialId, durationSeconds: 30 }),
  ),
  'tracking.sessionStart': mutation(session),
  'tracking.sessionPause': mutation(session),
  'tracking.sessionResume': mutation(session),
  'tracking.sessionEnd': mutation(session),
  'learner.settings': {
    type: 'query',
    input: (userId) => (userId === undefined ? undefined : { userId }),
    codes: ownOnly,
  },
  'learner.updateSettings': mutation((userId) => of(userId, { dailyGoalMinutes: 45 }), ownOnly),
  'dashboard.overview': query(),
  'dashboard.heatmap': query({ days: 30 }),
  'dashboard.sessions': query(),
  'dashboard.mastery': query(),
  'dashboard.topicTrend': query({ topicId }),
  'dashboard.gaps': query(),
  'dashboard.explain': query({ topicId }),
  'dashboard.reviewQueue': query(),
  'dashboard.reviewForecast': query({ days: 7 }),
  'dashboard.questionHistory': query({ questionId }),
  'dashboard.firstAttemptAccuracy': query(),
  'dashboard.materialProgress': query(),
  'dashboard.efficiency': query({ days: 30 }),
  'dashboard.patterns': query({ days: 30 }),
  'dashboard.readiness': query(),
  'dashboard.forgettingCurve': query({ topicId }),
  'dashboard.comparison': query({ topicId }),
  'dashboard.all': query(),
  'curriculum.topics': { type: 'query', input: () => undefined, codes: anybody },
  'curriculum.topic': { type: 'query', input: () => ({ slug: 'heart' }), codes: anybody },
  'curriculum.import': mutation(() => ({ topics: [] }), maintains),
  'cohorts.list': { type: 'query', input: () => ({}), codes: rosters },
  'cohorts.members': { type: 'query', input: () => ({ cohortId }), codes: ownRosters },
  'cohorts.save': mutation(() => ({ cohortId: randomUUID(), name: 'Year 2' }), maintains),
  'cohorts.remove': mutation(() => ({ cohortId: randomUUID() }), maintains),
  'cohorts.addMembers': mutation(
    (userId) => ({ cohortId, members: [{ userId: userId ?? stranger, role: 'learner' }] }),
    maintains,
  ),
  'cohorts.removeMembers': mutation((userId) => ({ cohortId, userIds: [userId ?? stranger] }), maintains),
  'privacy.erase': { ...mutation((userId) => of(userId), erases), learner: leaving },
  'privacy.accessLog': { type: 'query', input: (userId) => of(userId), codes: ownLog },
};
