// A client that tracks, a server that is told what to answer, and a storage that is looked into.
import { createClient } from '@studyin/client';
import type { Client, ClientOptions, QueueStorage, Tracked, TrackResult, WaitingAct } from '@studyin/client';
import { waitFor } from '@studyin/testkit/wait-for';
import { namedEvent } from './acts.ts';
import { eventsOf, startScriptedServer } from './scripted-server.ts';
import type { Call, Request, Script, ScriptedServer } from './scripted-server.ts';

export type Sent = {
  readonly eventId: string;
  readonly eventType: string;
  readonly name?: string;
  readonly timezone?: string;
};
export type Results = (events: readonly Sent[]) => readonly object[];

export function sentIn(request: Request | undefined): readonly Sent[] {
  return request ? (eventsOf(request) as readonly Sent[]) : []; // as: what the tests send
}

export function answerWith(results: Results, serverTime: () => Date = () => new Date()): (call: Call) => unknown {
  return ({ input }) => ({
    results: results((input as { readonly events: readonly Sent[] }).events), // as: tracking.events
    serverTime: serverTime().toISOString(),
  });
}

export const accept: Results = (events) => events.map(({ eventId }) => ({ eventId, status: 'accepted' }));

export function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `act-${n}`);
}

export function answered(results: readonly TrackResult[], count: number): Promise<unknown> {
  return waitFor(() => results.length >= count, { what: `${count} results`, intervalMs: 2 });
}

export type Started = {
  readonly server: ScriptedServer;
  readonly client: Client;
  readonly results: readonly TrackResult[];
  readonly errors: readonly unknown[];
  readonly track: (...names: readonly string[]) => readonly Tracked[];
};
type Start = (script?: Script, options?: Partial<ClientOptions>) => Promise<Started>;

/** To be called in a `describe`: what it starts is ended after each test. */
export function setUpTracking(): Start {
  const servers: ScriptedServer[] = [];
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close({ timeoutMs: 0 })));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (script = {}, options = {}) => {
    const server = await startScriptedServer({ answer: answerWith(accept), ...script });
    servers.push(server);
    const results: TrackResult[] = [];
    const errors: unknown[] = [];
    const listeners = {
      onResult: (result: TrackResult) => results.push(result),
      onError: (error: unknown) => errors.push(error),
    };
    const client = createClient({ url: server.url, token: 'a.b.c', ...listeners, ...options });
    clients.push(client);
    const track: Started['track'] = (...all) => all.map((name) => client.track.event(namedEvent(name)));
    return { server, client, results, errors, track };
  };
}

export type WatchedStorage = {
  readonly storage: QueueStorage;
  /** What was done, in order. */
  readonly steps: string[];
  /** Lets the next calls fail. */
  readonly fail: (...errors: readonly Error[]) => void;
};

/** `left`: what an earlier process left. */
export function watchedStorage(left: readonly WaitingAct[] = []): WatchedStorage {
  const steps: string[] = [];
  const failures: Error[] = [];
  const step = async <Value>(name: string, value: Value): Promise<Value> => {
    await Promise.resolve();
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    steps.push(name);
    return value;
  };
  const namesOf = (acts: readonly WaitingAct[]): string =>
    acts.map(({ event }) => ('name' in event ? event.name : '')).join(' ');
  const storage: QueueStorage = {
    claim: () => step('claim', left),
    add: (acts) => step(`add ${namesOf(acts)}`, undefined),
    saveIds: (acts) => step(`save ids ${namesOf(acts)}`, acts),
    remove: (keys) => step(`remove ${keys.length}`, undefined),
    release: () => step('release', undefined),
  };
  return { storage, steps, fail: (...errors) => void failures.push(...errors) };
}
