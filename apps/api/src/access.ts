// Who may call what, and about whom. A procedure takes its learner from here and nowhere else.
import { hasSharedCohort, recordAccess } from '@studyin/domain/services';
import type { ErasureRequest } from '@studyin/domain/services';
import type { Context } from './context.ts';
import { ApiError } from './domain-errors.ts';
import type { Viewer } from './tokens.ts';
import { procedureFor } from './trpc.ts';

export type ViewerContext = Context & { readonly viewer: Viewer };

/** Anybody with a token: data that names nobody. */
export const anyProcedure = procedureFor();
/** Learners about themselves, a trusted backend about any learner. */
export const trackingProcedure = procedureFor('learner', 'service');
/** A learner's own settings. */
export const learnerProcedure = procedureFor('learner');
/** Learners about themselves; instructors and admins also about others, by `learnerToRead`. */
export const dashboardProcedure = procedureFor('learner', 'instructor', 'admin');
/** Learners erase themselves, admins anybody. */
export const erasureProcedure = procedureFor('learner', 'admin');
/** Those who maintain the curriculum. */
export const curriculumProcedure = procedureFor('service', 'admin');

/**
 * The learner a call writes about: a learner themselves, for a service whoever the input names.
 * Naming somebody else is NOT_FOUND, whether or not there is such a person.
 */
export function learnerToWrite({ viewer }: ViewerContext, named: string | undefined): string {
  if (viewer.role === 'service') return named ?? refuseWithout('userId');
  if (named !== undefined && named !== viewer.userId) throw new ApiError('NOT_FOUND');
  return viewer.userId;
}

/** Writes the audit row of what a service is about to write; for learners about themselves there is none. */
export async function auditWrite(
  ctx: ViewerContext,
  { userIds, action }: { readonly userIds: readonly string[]; readonly action: string },
): Promise<void> {
  const { app, viewer, requestId } = ctx;
  if (viewer.role !== 'service' || userIds.length === 0) return;
  await recordAccess(app, { actor: viewer, userIds, action, reason: null, requestId });
}

/** The learner whose rows a call reads. Reading somebody else's is in the access log before anything is read. */
export async function learnerToRead(
  ctx: ViewerContext,
  { named, action }: { readonly named: string | undefined; readonly action: string },
): Promise<string> {
  const { app, viewer, requestId } = ctx;
  if (named === undefined || named === viewer.userId) return viewer.userId;
  if (viewer.role === 'admin') {
    const reason = statedReason(ctx.accessReason) ?? refuseWithout('x-access-reason');
    await recordAccess(app, { actor: viewer, userIds: [named], action, reason, requestId });
    return named;
  }
  const teaches =
    viewer.role === 'instructor' && (await hasSharedCohort(app, { instructorId: viewer.userId, userId: named }));
  if (!teaches) throw new ApiError('NOT_FOUND');
  await recordAccess(app, {
    actor: viewer,
    userIds: [named],
    action,
    reason: statedReason(ctx.accessReason),
    requestId,
  });
  return named;
}

/**
 * Whom a call erases, and who asks for it. An admin names the learner and says why; the row in the access log is written in the
 * transaction that makes the tombstone.
 */
export function learnerToErase(
  { viewer, requestId, accessReason }: ViewerContext,
  { userId, reason }: { readonly userId?: string | undefined; readonly reason?: string | undefined },
): ErasureRequest {
  if (viewer.role === 'admin') {
    const named = userId ?? refuseWithout('userId');
    const stated = reason ?? statedReason(accessReason) ?? refuseWithout('reason');
    return { userId: named, actor: { ...viewer, requestId }, reason: stated };
  }
  if (userId !== undefined && userId !== viewer.userId) throw new ApiError('NOT_FOUND');
  return { userId: viewer.userId, actor: null, reason: null };
}

function refuseWithout(path: string): never {
  throw new ApiError('BAD_REQUEST', { path, issues: [{ path, code: 'required' }] });
}

function statedReason(header: string | null): string | null {
  const text = (header ?? '').trim();
  return text.length >= 3 && text.length <= 200 ? text : null;
}
