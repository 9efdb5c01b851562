// A server's own book of what arrived, and a network that fails now and then.
import type { Dice } from '@studyin/testkit/dice';
import { eventsOf, refusal } from './scripted-server.ts';
import type { Call, Script } from './scripted-server.ts';

export type ActLedger = {
  readonly script: Script;
  /** The ids under which each act arrived. */
  readonly arrived: ReadonlyMap<string, ReadonlySet<string>>;
  /** How often an id came that was there. */
  readonly repeated: () => number;
};

type Sent = { readonly eventId: string; readonly name: string };

type LedgerOptions = {
  /** The share of calls that fail, half of them after all was stored. */
  readonly failing: number;
  /** Choose those calls. */
  readonly dice: Dice;
};

export function createActLedger({ failing, dice }: LedgerOptions): ActLedger {
  const arrived = new Map<string, Set<string>>();
  const known = new Set<string>();
  let repeated = 0;
  const results: WeakMap<object, readonly unknown[]> = new WeakMap();
  const record = (events: readonly Sent[]): readonly unknown[] =>
    events.map(({ eventId, name }) => {
      const isKnown = known.has(eventId);
      if (isKnown) repeated += 1;
      known.add(eventId);
      arrived.set(name, (arrived.get(name) ?? new Set()).add(eventId));
      return { eventId, status: isKnown ? 'duplicate' : 'accepted' };
    });
  return {
    arrived,
    repeated: () => repeated,
    script: {
      fail: (request) => {
        const chance = dice.next();
        if (chance < failing / 2) return refusal('SERVICE_UNAVAILABLE', 503);
        const events = eventsOf(request) as readonly Sent[]; // as: the tests send named events
        results.set(inputOf(request.calls[0]), record(events));
        return chance < failing ? 'hang up' : null;
      },
      answer: (call) => ({ results: results.get(inputOf(call)), serverTime: new Date().toISOString() }),
    },
  };
}

function inputOf(call: Call | undefined): object {
  return call?.input as object; // as: tracking.events has one
}
