// Clients that never give up: each call goes to one of the two APIs in turn, and what was not acknowledged is sent to the other
// one again, with the same ids, until it is.
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi } from './call-api.ts';
import type { CallOutcome } from './call-api.ts';
import type { Call, EventSource } from './event-source.ts';
import type { Ledger } from './ledger.ts';

export type Tally = {
  /** Tries, each an HTTP call. */
  tries: number;
  /** Tries that were not answered 200: the connection was refused or lost, or the answer was 503 or 429. */
  cut: number;
  unavailable: number;
  /** Calls whose second try failed too. */
  failedTwice: number;
  /** What should never happen, in words. */
  readonly faults: string[];
};

export type LoadOptions = {
  readonly source: Pick<EventSource, 'next'>;
  readonly ledger: Ledger;
  /** Where the APIs listen. */
  readonly apis: readonly string[];
  /** Of each learner, by number. */
  readonly tokens: readonly string[];
  /** Calls at the same time. */
  readonly lanes: number;
  readonly itemsASecond: number;
};

export type Delivery = Pick<Call, 'wire' | 'items'> & { readonly token: string };

export type Load = {
  readonly tally: Readonly<Tally>;
  /** Calls that an API has not answered yet, by its place. */
  underWay(api: number): number;
  /** Calls that it has acknowledged. */
  acknowledgedBy(api: number): number;
  /** Sends items until they are acknowledged. */
  deliver(delivery: Delivery): Promise<void>;
  /** Resolves when no call is under way; none begins until `resume`. */
  pause(): Promise<void>;
  resume(): void;
  /** Lets running calls be acknowledged, and begins no other. */
  stop(): Promise<void>;
  /** Gives up what is under way, or nobody could end a test whose processes are gone. Does nothing after `stop`. */
  abandon(): Promise<void>;
};

const GIVE_UP_AFTER_MS = 120_000;
const LONGEST_PAUSE_MS = 1_000;
/** Share of calls that are sent once more after they were acknowledged. */
const REPEATED = 20;

/** Starts sending at once. */
export function startLoad(options: LoadOptions): Load {
  const { apis, lanes } = options;
  const state = createState(apis.length);
  const running = Array.from({ length: lanes }, () => runLane(options, state));
  return {
    tally: state.tally,
    underWay: (api) => state.underWay[api] ?? 0,
    acknowledgedBy: (api) => state.acknowledgedBy[api] ?? 0,
    deliver: (delivery) => deliver(options, state, delivery),
    pause: async () => {
      state.gate = createGate();
      while (state.delivering > 0) await sleep(5);
    },
    resume: () => state.gate?.open(),
    stop: async () => {
      state.isStopped = true;
      state.gate?.open();
      await Promise.all(running);
    },
    abandon: async () => {
      state.isStopped = true;
      state.isAbandoned = true;
      state.gate?.open();
      await Promise.all(running);
    },
  };
}

type Gate = { readonly opened: Promise<null>; open(): void };

function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<null>();
  return { opened: promise, open: () => resolve(null) };
}

function createState(apis: number) {
  return {
    tally: { tries: 0, cut: 0, unavailable: 0, failedTwice: 0, faults: [] } satisfies Tally as Tally,
    underWay: Array.from({ length: apis }, () => 0),
    acknowledgedBy: Array.from({ length: apis }, () => 0),
    delivering: 0,
    turn: 0,
    gate: null as Gate | null,
    isStopped: false,
    isAbandoned: false,
  };
}

type State = ReturnType<typeof createState>;

async function runLane(options: LoadOptions, state: State): Promise<void> {
  const { source, tokens, lanes, itemsASecond } = options;
  for (let sent = 1; !state.isStopped; sent += 1) {
    await state.gate?.opened;
    if (state.isStopped) return;
    const startedMs = performance.now();
    const { learner, ...call } = source.next();
    const delivery = { ...call, token: tokens[learner] ?? '' };
    await deliver(options, state, delivery);
    if (sent % REPEATED === 0) await deliver(options, state, delivery);
    const shareMs = (lanes * call.items.length * 1_000) / itemsASecond;
    await sleep(state.isStopped ? 0 : Math.max(0, shareMs - (performance.now() - startedMs)));
  }
}

async function deliver({ apis, ledger }: LoadOptions, state: State, { token, wire, items }: Delivery): Promise<void> {
  const { tally } = state;
  const giveUpMs = performance.now() + GIVE_UP_AFTER_MS;
  const first = state.turn++;
  ledger.note(items);
  state.delivering += 1;
  try {
    for (let attempt = 0; !state.isAbandoned; attempt += 1) {
      const api = (first + attempt) % apis.length;
      const outcome = await tryOnce(state, api, () => callApi(apis[api] ?? '', { token, wire }));
      if (outcome.kind === 'answered') return ledger.acknowledge(items, outcome.answers);
      if (isFault(outcome)) return void tally.faults.push(`an API answered ${outcome.status}`);
      if (attempt === 1) tally.failedTwice += 1;
      if (performance.now() > giveUpMs) return void tally.faults.push('a call was not acknowledged in two minutes');
      // The second try goes at once.
      if (attempt > 0) await sleep(Math.min(LONGEST_PAUSE_MS, 25 * 2 ** attempt) * (0.5 + Math.random()));
    }
  } finally {
    state.delivering -= 1;
  }
}

async function tryOnce(state: State, api: number, call: () => Promise<CallOutcome>): Promise<CallOutcome> {
  state.tally.tries += 1;
  state.underWay[api] = (state.underWay[api] ?? 0) + 1;
  const outcome = await call();
  state.underWay[api] = (state.underWay[api] ?? 0) - 1;
  if (outcome.kind === 'answered') state.acknowledgedBy[api] = (state.acknowledgedBy[api] ?? 0) + 1;
  else if (outcome.kind === 'cut') state.tally.cut += 1;
  else if (!isFault(outcome)) state.tally.unavailable += 1;
  return outcome;
}

/** Of refusals a client may be asked to come again, nothing else. */
function isFault(outcome: CallOutcome): outcome is CallOutcome & { readonly kind: 'refused' } {
  return outcome.kind === 'refused' && outcome.status !== 503 && outcome.status !== 429;
}
