/**
 * The server was not reached, or what came back was not its answer (a proxy's page, a body cut short).
 * Whether the call took effect is unknown: repeat it with the same ids.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** The HTTP status, where there was a response at all. */
  readonly status: number | null;
  /** The header `Retry-After` as it came. */
  readonly retryAfter: string | null;

  constructor(message: string, options: { status?: number; retryAfter?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status ?? null;
    this.retryAfter = options.retryAfter ?? null;
  }
}
