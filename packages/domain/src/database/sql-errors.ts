// What the rest of the product needs to know of a database error: try again, give up for now, or a bug.
import { DomainError } from '../errors.ts';

// serialization_failure, deadlock_detected, lock_not_available: the whole transaction may simply run again.
const REPEATABLE = new Set(['40001', '40P01', '55P03']);
// admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, query_canceled, idle_in_transaction_session_timeout
const UNAVAILABLE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '25P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
const UNAVAILABLE_NAMES = new Set([
  'SequelizeConnectionAcquireTimeoutError',
  'SequelizeConnectionRefusedError',
  'SequelizeConnectionError',
  'SequelizeHostNotFoundError',
  'SequelizeConnectionTimedOutError',
  'SequelizeHostNotReachableError',
]);
const CONNECTION_LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|server closed the connection)/;

const CERTIFICATE_FAULTS =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/;
const NO_TLS = /^The server does not support SSL connections/;

type ErrorShape = {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly parent?: unknown;
};

function shapeOf(error: unknown): ErrorShape {
  return typeof error === 'object' && error !== null ? error : {};
}

/** SQLSTATE or Node error code, also where Sequelize wrapped it; `null` where there is none. */
export function sqlStateOf(error: unknown): string | null {
  const shape = shapeOf(error);
  if (typeof shape.code === 'string') return shape.code;
  return shape.parent === undefined ? null : sqlStateOf(shape.parent);
}

/** The end of a sentence about the server where TLS is what failed; `null` where it is not. */
export function whyNoTls(error: unknown): string | null {
  const shape = shapeOf(error);
  if (typeof shape.message === 'string' && NO_TLS.test(shape.message)) {
    return 'offers no TLS, which sslmode of DATABASE_URL requires.';
  }
  if (typeof shape.code === 'string' && CERTIFICATE_FAULTS.test(shape.code)) {
    return 'has a certificate that sslmode and sslrootcert of DATABASE_URL do not accept.';
  }
  const inner = shape.parent ?? (error instanceof DomainError ? error.cause : undefined);
  return inner === undefined ? null : whyNoTls(inner);
}

/** Whether the whole transaction may be repeated (serialisation failure, deadlock, lock timeout). */
export function isRepeatable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== null && REPEATABLE.has(state);
}

/** Whether the database could not be reached, was shutting down, or took too long. */
export function isUnavailable(error: unknown): boolean {
  const shape = shapeOf(error);
  const state = sqlStateOf(error);
  if (state !== null && (UNAVAILABLE.has(state) || state.startsWith('08'))) return true;
  if (typeof shape.name === 'string' && UNAVAILABLE_NAMES.has(shape.name)) return true;
  if (whyNoTls(error) !== null) return true;
  return typeof shape.message === 'string' && CONNECTION_LOST.test(shape.message);
}

/** A database error as the product's own: `unavailable` where trying later helps; every other error passes unchanged. */
export function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (isUnavailable(error) || isRepeatable(error)) {
    return new DomainError('unavailable', 'The database did not answer in time; try again.', { cause: error });
  }
  return error;
}
