// From what a caller sent to what is recorded: whose item it is, and what a single call is answered.
import { isPlainObject, parseEvent } from '@studyin/domain/events';
import { quarantineItems } from '@studyin/domain/services';
import type { AttemptNumber, ItemResult, RecordOutcome } from '@studyin/domain/services';
import { auditWrite } from '../access.ts';
import type { ViewerContext } from '../access.ts';
import { ApiError } from '../domain-errors.ts';

/** An item that `record` has dealt with, quarantine included. */
const recordedElsewhere: ItemResult = { eventId: null, status: 'accepted' };

type Placed = { readonly userId: string; readonly input: unknown };

/**
 * Records a batch. An item that names a learner the caller may not write about, or of a service that names none, is rejected
 * at `userId` and fails alone.
 */
export async function recordBatch(
  ctx: ViewerContext,
  { items, action }: { readonly items: readonly unknown[]; readonly action: string },
): Promise<RecordOutcome> {
  const placed = items.map((item) => placeItem(ctx, withoutUndefined(item)));
  const good = placed.filter((item): item is Placed => 'userId' in item);
  await auditWrite(ctx, { userIds: good.map(({ userId }) => userId), action });
  const { services, viewer } = ctx;
  const { origin } = ctx.request;
  const outcome = await services.ingest.record(good.map((item) => ({ ...item, origin, names: viewer.names })));
  const recorded = outcome.results.values();
  const results = placed.map((item): ItemResult => ('userId' in item ? nextOf(recorded) : item));
  await quarantineItems(
    services.app,
    items.map((input) => ({ userId: viewer.userId, input, origin })),
    placed.map((item) => ('userId' in item ? recordedElsewhere : item)),
  );
  for (const { status, reason } of results) services.metrics.countItem(status, reason ?? null);
  return { results, serverTime: outcome.serverTime };
}

export type Acknowledged = {
  readonly eventId: string;
  readonly status: 'accepted' | 'duplicate';
  readonly note?: 'conflict_with_key';
  readonly attempt?: AttemptNumber;
};

export type OneItem = {
  readonly userId: string;
  readonly item: object;
  readonly action: string;
  /** False where the caller sent the item itself. */
  readonly flat?: boolean;
  /** Of an answer: its number is to be told. */
  readonly isNumbered?: boolean;
};

/** Records one item. Throws for what is not acknowledged: 400 with reason and path, 409 for a conflict, 410 for an erased learner. */
export async function recordOne(
  ctx: ViewerContext,
  { userId, item, action, flat = true, isNumbered = false }: OneItem,
): Promise<Acknowledged> {
  await auditWrite(ctx, { userIds: [userId], action });
  const { results } = await ctx.services.ingest.record([
    { userId, input: withoutUndefined(item), origin: ctx.request.origin, names: ctx.viewer.names, isNumbered },
  ]);
  const [result] = results;
  if (result === undefined) throw new Error('an item was left without a result');
  const { eventId, status, reason, path, note, attempt } = result;
  ctx.services.metrics.countItem(status, reason ?? null);
  if (status === 'conflict') throw new ApiError('CONFLICT', { path: 'eventId' });
  if (reason === 'erased') throw new ApiError('NOT_FOUND', { reason, httpStatus: 410 });
  // the properties of an item are keys of a flat call
  if (status === 'rejected') {
    throw new ApiError('BAD_REQUEST', { reason, path: flat ? path?.replace(/^properties\./, '') : path });
  }
  if (eventId === null) throw new Error('an acknowledged item has no id');
  return { eventId, status, ...(note === undefined ? {} : { note }), ...(attempt === undefined ? {} : { attempt }) };
}

function placeItem({ viewer }: ViewerContext, input: unknown): Placed | ItemResult {
  const named = isPlainObject(input) ? input['userId'] : undefined;
  const userId = typeof named === 'string' ? named.toLowerCase() : named;
  const isService = viewer.role === 'service';
  if (!isService && (userId === undefined || userId === viewer.userId)) return { userId: viewer.userId, input };
  const parsed = parseEvent(input, viewer.names);
  if (!parsed.ok) return { eventId: parsed.eventId, status: 'rejected', reason: parsed.reason, path: parsed.path };
  const { event } = parsed;
  if (isService && event.userId !== null) return { userId: event.userId, input };
  return { eventId: event.eventId, status: 'rejected', reason: 'invalid', path: 'userId' };
}

/** A key whose value is undefined is a key that is absent, as in JSON; superjson tells the two apart. */
function withoutUndefined(item: unknown): unknown {
  if (!isPlainObject(item)) return item;
  const { properties } = item;
  const cleaned = defined(item);
  return isPlainObject(properties) ? { ...cleaned, properties: defined(properties) } : cleaned;
}

function defined(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(object);
  return entries.some(([, value]) => value === undefined)
    ? Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    : object;
}

function nextOf(results: Iterator<ItemResult>): ItemResult {
  const next = results.next();
  if (next.done === true) throw new Error('an item was left without a result');
  return next.value;
}
