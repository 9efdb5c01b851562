// What the load generator knows for certain, kept by it alone: what it has sent, and what it was told is stored.

export type SentItem = {
  readonly userId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly questionId: string | null;
  readonly selectedAnswer: string | null;
};

export type ItemAnswer = { readonly eventId: string | null; readonly status: string; readonly reason?: string };

export type Ledger = {
  /** Before an item is sent for the first time. */
  note(items: readonly SentItem[]): void;
  /** After the complete answer to a call was read, in the order of its items. */
  acknowledge(items: readonly SentItem[], answers: readonly ItemAnswer[]): void;
  /** How many are acknowledged. */
  count(): number;
  /** How many were said to be stored already when they were first acknowledged: stored by a call whose answer was lost. */
  recovered(): number;
  acknowledged(): readonly SentItem[];
  readonly wasSent: (eventId: string) => boolean;
  /** Ids that were acknowledged before and then accepted as new: what was stored had been lost. */
  lost(): readonly string[];
  /** Answers that are no acknowledgement; nothing that is sent deserves one. */
  refused(): readonly string[];
};

export function createLedger(): Ledger {
  const sent = new Map<string, SentItem>();
  const acknowledged = new Set<string>();
  const lost: string[] = [];
  const refused: string[] = [];
  let recovered = 0;
  const acknowledgeOne = ({ eventId }: SentItem, answer: ItemAnswer | undefined): void => {
    if (answer?.eventId !== eventId || (answer.status !== 'accepted' && answer.status !== 'duplicate')) {
      refused.push(`${eventId}: ${answer?.status ?? 'no answer'} ${answer?.reason ?? ''}`.trim());
    } else if (!acknowledged.has(eventId)) {
      acknowledged.add(eventId);
      if (answer.status === 'duplicate') recovered += 1;
    } else if (answer.status === 'accepted') lost.push(eventId);
  };
  return {
    note: (items) => {
      for (const item of items) sent.set(item.eventId, item);
    },
    acknowledge: (items, answers) => items.forEach((item, place) => acknowledgeOne(item, answers[place])),
    count: () => acknowledged.size,
    recovered: () => recovered,
    acknowledged: () => [...sent.values()].filter(({ eventId }) => acknowledged.has(eventId)),
    wasSent: (eventId) => sent.has(eventId),
    lost: () => lost,
    refused: () => refused,
  };
}
