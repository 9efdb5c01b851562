// In-process tracking for other TypeScript backends: each function writes in the caller's own transaction and returns the event
// and the record that came of it, so that an answer and its business effect commit together.
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { eventTimeMs } from '../events/index.ts';
import type { EventInput, EventInputOf } from '../events/index.ts';
import { DomainError } from '../errors.ts';
import { findAttempt, findEvent, findInteraction, findSession } from '../stores/tracked-store.ts';
import type { TrackedAttempt, TrackedEvent, TrackedInteraction, TrackedSession } from '../stores/tracked-store.ts';
import { checkItems, recordInTx } from './record-events.ts';
import type { ItemResult } from './record-events.ts';

export type TrackInput<Event extends EventInput> = { readonly userId: string; readonly event: Event };

/**
 * Stores one event. Repeating it with the same id returns what is stored and changes nothing.
 * Throws `invalid` (with the key's path), `conflict` (same id, other content) or `erased`; the caller's transaction should then be undone.
 */
export async function trackEvent(app: App, tx: Tx, { userId, event }: TrackInput<EventInput>): Promise<TrackedEvent> {
  const refused = new Map<number, ItemResult>();
  const acceptable = await checkItems(
    app,
    [{ userId, input: event, origin: { clientIp: null, deviceType: null } }],
    refused,
  );
  const results = acceptable.length === 0 ? refused : await (await recordInTx(app, tx, acceptable)).results;
  const id = requireStored(results.get(0));
  return requireFound(await findEvent(tx, { userId, id, createdAt: new Date(eventTimeMs(id)) }));
}

/** Stores an answer: the event, and the attempt as it was graded. */
export async function trackQuestionAttempt(
  app: App,
  tx: Tx,
  input: TrackInput<EventInputOf<'question_attempt'>>,
): Promise<{ readonly event: TrackedEvent; readonly attempt: TrackedAttempt }> {
  const event = await trackEvent(app, tx, input);
  return { event, attempt: requireFound(await findAttempt(tx, event)) };
}

/** Stores a step of reading: the event, and the learner's work on that material in that session so far. */
export async function trackMaterialInteraction(
  app: App,
  tx: Tx,
  input: TrackInput<EventInputOf<'material_open' | 'material_read' | 'material_complete'>>,
): Promise<{ readonly event: TrackedEvent; readonly interaction: TrackedInteraction }> {
  const event = await trackEvent(app, tx, input);
  return { event, interaction: requireFound(await findInteraction(tx, event)) };
}

export type TrackedSessionEvent = { readonly event: TrackedEvent; readonly session: TrackedSession };

/** Opens a session. An event of a session that was never started opens it as well. */
export async function trackSessionStart(
  app: App,
  tx: Tx,
  input: TrackInput<EventInputOf<'session_start'>>,
): Promise<TrackedSessionEvent> {
  const event = await trackEvent(app, tx, input);
  return { event, session: requireFound(await findSession(tx, event)) };
}

/** Ends a session. A later event under the same id reopens it; the gap counts nothing. */
export async function trackSessionEnd(
  app: App,
  tx: Tx,
  input: TrackInput<EventInputOf<'session_end'>>,
): Promise<TrackedSessionEvent> {
  const event = await trackEvent(app, tx, input);
  return { event, session: requireFound(await findSession(tx, event)) };
}

function requireStored(result: ItemResult | undefined): string {
  if (typeof result?.eventId === 'string' && (result.status === 'accepted' || result.status === 'duplicate')) {
    return result.eventId;
  }
  if (result?.status === 'conflict') {
    throw new DomainError('conflict', 'An event with this id and other content is stored already.', {
      path: 'eventId',
    });
  }
  if (result?.reason === 'erased') {
    throw new DomainError('erased', 'This learner was erased; nothing of them is stored again.');
  }
  throw new DomainError('invalid', `The event was refused: ${result?.reason ?? 'invalid'}.`, {
    path: result?.path ?? '',
  });
}

function requireFound<T>(found: T | null): T {
  if (found === null) throw new Error('a stored event has lost its record');
  return found;
}
