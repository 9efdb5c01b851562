import type { AppRouter } from '@studyin/api/router';
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import type { Operation, TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import { fetchAnswer } from './fetch-answer.ts';
import type { Fetch } from './fetch-answer.ts';
import { nameLearner } from './name-learner.ts';
import { utf8Length } from './utf8-length.ts';

/** A JSON web token, or a function that gives one; it is asked before each request, so it should keep its token while that lives. */
export type Token = string | (() => string | Promise<string>);

export type CallOptions = {
  /** The root of the API, without `/trpc`: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: Token;
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** For a service or an admin: the learner that tracking and dashboards are about, where the input names none. */
  readonly userId?: string;
  /** After this time a request counts as not answered. Default 30,000. */
  readonly timeoutMs?: number;
};

/** Every procedure of the API: `client.tracking.questionAttempt.mutate(…)`, `client.dashboard.overview.query()`. */
export type Calls = TRPCClient<AppRouter>;

// The server's limits: 10 calls in one HTTP batch, a body of 256 KB. Ten inputs of 20 KB stay below it.
const MAX_CALLS = 10;
const MAX_SHARED_BYTES = 20_000;
// A query's input goes into the URL, and many a proxy takes no more than 8 KB of it.
const MAX_SHARED_QUERY_BYTES = 1000;
const MAX_URL_LENGTH = 7000;

/**
 * The calls of the API. Those made in the same tick share one request, within the server's limits. None is repeated by itself.
 */
export function createCalls(options: CallOptions): Calls {
  const { url, token, userId, timeoutMs = 30_000 } = options;
  // Looked up at each call: whoever replaces the global fetch is heard.
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const transport = {
    url: `${url.replace(/\/+$/, '')}/trpc`,
    transformer: superjson,
    fetch: fetchAnswer(fetch, timeoutMs),
    headers: async () => ({ authorization: `Bearer ${typeof token === 'string' ? token : await token()}` }),
  };
  return createTRPCClient<AppRouter>({
    links: [
      ...(userId === undefined ? [] : [nameLearner(userId)]),
      splitLink({
        condition: goesAlone,
        true: httpLink(transport),
        false: httpBatchLink({ ...transport, maxItems: MAX_CALLS, maxURLLength: MAX_URL_LENGTH }),
      }),
    ],
  });
}

function goesAlone({ type, input }: Operation): boolean {
  if (input === undefined) return false;
  return utf8Length(JSON.stringify(input)) > (type === 'query' ? MAX_SHARED_QUERY_BYTES : MAX_SHARED_BYTES);
}
