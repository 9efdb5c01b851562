/** What went wrong, as a caller may act on it; the API maps each code to exactly one tRPC code. */
export type DomainErrorCode =
  | 'invalid'
  | 'not_found'
  | 'forbidden'
  | 'unauthenticated'
  | 'conflict'
  | 'erased'
  | 'too_large'
  | 'too_many_requests'
  | 'unavailable'
  | 'misconfigured'
  | 'internal';

export interface DomainErrorOptions {
  /** Where in the caller's input, as keys joined by dots. */
  readonly path?: string;
  readonly cause?: unknown;
}

/** A broken promise with a code. The message quotes value and place; of a code that becomes a 5xx it is never sent out. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainErrorCode;
  readonly path: string | null;

  constructor(code: DomainErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.path = options.path ?? null;
  }
}
