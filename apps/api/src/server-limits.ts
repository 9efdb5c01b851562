export const MAX_BODY_BYTES = 256 * 1024;
/** Calls in one HTTP batch. */
export const MAX_BATCH = 10;

/** How long a client may take, so that slow ones do not hold connections for ever. */
export type ClientTimeouts = {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For a whole request, body included. */
  readonly requestMs: number;
  /** How often connections are looked through. */
  readonly checkMs: number;
};

export const clientTimeouts: ClientTimeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000 };
