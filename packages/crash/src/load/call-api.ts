import type { ItemAnswer } from './ledger.ts';

/** What became of one HTTP call. Only `answered` acknowledges anything: its body was read to the end. */
export type CallOutcome =
  | { readonly kind: 'answered'; readonly answers: readonly ItemAnswer[] }
  | { readonly kind: 'refused'; readonly status: number }
  /** The connection was refused or lost, or nothing came in time. */
  | { readonly kind: 'cut' };

const ANSWER_WITHIN_MS = 15_000;

type Body = { readonly result: { readonly data: { readonly json: { readonly results: readonly ItemAnswer[] } } } };

/** `tracking.events` on one API. Never throws. */
export async function callApi(
  url: string,
  { token, wire }: { readonly token: string; readonly wire: readonly object[] },
): Promise<CallOutcome> {
  try {
    const response = await fetch(`${url}/trpc/tracking.events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ json: { events: wire } }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    if (response.status !== 200) return { kind: 'refused', status: response.status };
    const { result } = JSON.parse(text) as Body; // as: the procedure's own schema
    return { kind: 'answered', answers: result.data.json.results };
  } catch {
    return { kind: 'cut' };
  }
}
