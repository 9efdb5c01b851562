// Whole histories at once, for filling a database: the rows that `record-events` would have stored, by COPY.
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { insertHistory, insertNewLearners } from '../stores/history-store.ts';
import { chooseSessionIds } from './choose-session-ids.ts';
import { checkItems, isInWindow } from './record-events.ts';
import type { AcceptableItem, ItemResult, RecordItem } from './record-events.ts';
import { candidatesOf, firstOfEachId, projectionsOf } from './store-events.ts';

export type LoadedHistory = {
  /** Those made. A learner who was there, or was erased, keeps what they have. */
  readonly learners: number;
  readonly events: number;
  readonly attempts: number;
};

/**
 * Stores whole histories of new learners in one transaction, as if `recordEvents` had been given them; a learner who exists or
 * was erased is left as they are, so that a second call adds nothing. No job is sent: the caller runs `updateLearners`.
 * Throws `invalid` for an item that would have been refused, and stores nothing then.
 */
export async function loadHistory(app: App, items: readonly RecordItem[]): Promise<LoadedHistory> {
  const refused = new Map<number, ItemResult>();
  const acceptable = await checkItems(app, items, refused);
  const [first] = refused;
  if (first !== undefined) throw refusal(first[0], first[1]);
  return app.database.transaction((tx) => loadInTx(app, tx, acceptable));
}

async function loadInTx(app: App, tx: Tx, acceptable: readonly AcceptableItem[]): Promise<LoadedHistory> {
  const made = await insertNewLearners(tx, countAnswers(acceptable), app.clock.fixedAt);
  const now = [...made.values()][0]?.now;
  if (now === undefined) return { learners: 0, events: 0, attempts: 0 };
  const items = acceptable.filter(({ userId }) => made.has(userId));
  const outside = items.find(({ event }) => !isInWindow(event.occurredAtMs, now));
  if (outside !== undefined) throw refusal(outside.position, { reason: 'too_old', path: 'eventId' });
  const sessionIds = await chooseSessionIds(app, tx, items);
  const events = firstOfEachId(candidatesOf(app, { items, learners: made, sessionIds, now }));
  const projections = projectionsOf(events);
  await insertHistory(tx, { events, ...projections });
  return { learners: made.size, events: events.length, attempts: projections.attempts.length };
}

function countAnswers(items: readonly AcceptableItem[]) {
  return [...Map.groupBy(items, ({ userId }) => userId)].map(([userId, own]) => {
    const answers = own.filter(({ verdict }) => verdict !== null).map(({ event }) => event);
    const firstMs = answers.reduce((earliest, { occurredAtMs }) => Math.min(earliest, occurredAtMs), Infinity);
    return {
      userId,
      answers: new Set(answers.map(({ eventId }) => eventId)).size,
      firstAnswerAt: answers.length === 0 ? null : new Date(firstMs),
      subject: (own[0] as AcceptableItem).subject, // as: a group has a member
    };
  });
}

function refusal(
  position: number,
  { reason = 'invalid', path = '' }: Pick<ItemResult, 'reason' | 'path'>,
): DomainError {
  return new DomainError(
    'invalid',
    `Item ${position} of a history would be refused: ${reason} at ${path || 'its top'}.`,
    {
      path,
    },
  );
}
