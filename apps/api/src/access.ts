// Who may call what, and about whom. A procedure takes its learner from here and nowhere else.
import { isContactText, isStorableText } from '@studyin/domain/events';
import { hasSharedCohort, recordAccess } from '@studyin/domain/services';
import type { Accessor, ErasureRequest } from '@studyin/domain/services';
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
/** Those who manage cohorts. */
export const cohortProcedure = procedureFor('service', 'admin');
/** Also instructors, about cohorts of their own. */
export const rosterProcedure = procedureFor('service', 'admin', 'instructor');
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
  if (ctx.viewer.role !== 'service' || userIds.length === 0) return;
  await recordAccess(ctx.services.app, { ...accessorOf(ctx, action), userIds });
}

/** The learner whose rows a call reads. Reading somebody else's is in the access log before anything is read. */
export async function learnerToRead(
  ctx: ViewerContext,
  { named, action }: { readonly named: string | undefined; readonly action: string },
): Promise<string> {
  const { viewer, services } = ctx;
  if (named === undefined || named === viewer.userId) return viewer.userId;
  const mayRead =
    viewer.role === 'admin' ||
    (viewer.role === 'instructor' &&
      (await hasSharedCohort(services.app, { instructorId: viewer.userId, userId: named })));
  if (!mayRead) throw new ApiError('NOT_FOUND');
  await recordAccess(services.app, { ...accessorOf(ctx, action), userIds: [named] });
  return named;
}

/** Who acts, for the access log. An admin must say why. */
export function accessorOf({ viewer, request }: ViewerContext, action: string): Accessor {
  const { requestId, accessReason } = request;
  const stated = statedReason(accessReason, viewer);
  const reason = viewer.role === 'admin' ? (stated ?? refuseWithout('x-access-reason')) : stated;
  return { actor: viewer, action, reason, requestId };
}

/**
 * Whom a call erases, and who asks for it. An admin names the learner and says why; the row in the access log is written in the
 * transaction that makes the tombstone.
 */
export function learnerToErase(
  { viewer, request }: ViewerContext,
  { userId, reason }: { readonly userId?: string | undefined; readonly reason?: string | undefined },
): ErasureRequest {
  const { requestId, accessReason } = request;
  if (viewer.role === 'admin') {
    const named = userId ?? refuseWithout('userId');
    const stated = reason ?? statedReason(accessReason, viewer) ?? refuseWithout('reason');
    refuseOwnName(viewer, { path: 'reason', text: stated });
    return { userId: named, actor: { ...viewer, requestId }, reason: stated };
  }
  if (userId !== undefined && userId !== viewer.userId) throw new ApiError('NOT_FOUND');
  return { userId: viewer.userId, actor: null, reason: null };
}

function refuseWithout(path: string): never {
  throw new ApiError('BAD_REQUEST', { path, issues: [{ path, code: 'required' }] });
}

/** Throws for a text of staff that holds what they are called. */
export function refuseOwnName(
  { names }: Viewer,
  { path, text }: { readonly path: string; readonly text: string },
): void {
  if (names?.isInText(text) !== true) return;
  throw new ApiError('BAD_REQUEST', { reason: 'pii', path, issues: [{ path, code: 'custom' }] });
}

/** Null for what is no reason; the access log is kept, so that it takes nobody's address and not the caller's name. */
function statedReason(header: string | null, { names }: Viewer): string | null {
  const text = (header ?? '').trim();
  const isReason = text.length >= 3 && text.length <= 200 && isStorableText(text) && !isContactText(text);
  return isReason && names?.isInText(text) !== true ? text : null;
}
