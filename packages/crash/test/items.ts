import { learnerId } from '../src/load/event-source.ts';
import type { SentItem } from '../src/load/ledger.ts';
import type { StoredEvent } from '../src/audit/compare-ledger.ts';

/** The n-th item, an answer. */
export function sentItem(n: number, over: Partial<SentItem> = {}): SentItem {
  const userId = learnerId(1);
  return {
    userId,
    eventId: `event-${n}`,
    eventType: 'question_attempt',
    questionId: 'q',
    selectedAnswer: 'A',
    ...over,
  };
}

/** The rows of an item as they should be. */
export function storedRows(item: SentItem, over: Partial<StoredEvent> = {}): StoredEvent {
  const { eventId, ...content } = item;
  return { ...content, id: eventId, events: 1, attempts: item.eventType === 'question_attempt' ? 1 : 0, ...over };
}
