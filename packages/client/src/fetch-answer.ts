import { NoAnswerError } from './no-answer-error.ts';

export type Fetch = typeof globalThis.fetch;

type Answer = Pick<Response, 'ok' | 'status' | 'headers'> & { json(): Promise<unknown> };

/**
 * A `fetch` that ends after `timeoutMs`, reads the whole body, and throws NoAnswerError for whatever is not JSON.
 * tRPC alone loses the status and the headers of such a response, and with them the reason to repeat the call or to halve it.
 */
export function fetchAnswer(fetch: Fetch, timeoutMs: number) {
  return async (...[input, init]: Parameters<Fetch>): Promise<Answer> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      return await readAnswer(await fetch(input, { ...init, signal }));
    } catch (error) {
      // What the caller aborted is no failure of the server.
      if (init?.signal?.aborted || error instanceof NoAnswerError) throw error;
      const what = timeout.aborted ? `no answer within ${timeoutMs} ms` : 'the server could not be reached';
      throw new NoAnswerError(what, { cause: error });
    }
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const { ok, status, headers } = response;
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    return { ok, status, headers, json: () => Promise.resolve(answer) };
  } catch (cause) {
    const retryAfter = headers.get('retry-after');
    throw new NoAnswerError(`the response (HTTP ${status}) is not an answer of the API`, { status, retryAfter, cause });
  }
}
