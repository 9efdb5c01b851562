// GET /export: everything that is stored about the learner whose token it is, as JSON lines. The status is sent with the first of
// them, so what fails later cuts the connection, and the last line, the manifest, is missing.
import { exportLearner } from '@studyin/domain/services';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { RequestHandler, Response } from 'express';
import type { Services } from './context.ts';
import { ApiError, toApiError } from './domain-errors.ts';
import { describeError } from '@studyin/telemetry/log';
import type { FactsKeeper } from './facts-keeper.ts';
import type { RequestFacts } from './request-facts.ts';
import { sendError } from './send-error.ts';

/** Each holds a connection of the pool for reading. */
const AT_ONCE = 2;
/** How long a receiver may take no more bytes. */
const STALL_MS = 30_000;

type Parts = Pick<Services, 'app' | 'metrics' | 'log'>;

export function createExportHandler({ app, metrics, log }: Parts, facts: FactsKeeper): RequestHandler {
  let running = 0;
  return async (req, res) => {
    const started = performance.now();
    const request = facts.of(req);
    let code: TRPC_ERROR_CODE_KEY | 'OK' = 'OK';
    try {
      const userId = learnerToExport(request);
      if (running >= AT_ONCE) throw new ApiError('TOO_MANY_REQUESTS');
      running += 1;
      try {
        await exportLearner(app, { userId, write: writerTo(res) });
      } finally {
        running -= 1;
      }
      res.end();
    } catch (error) {
      const failure = toApiError(error);
      ({ code } = failure);
      if (code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE') {
        log.error({
          event: 'api.export_failed',
          requestId: request.requestId,
          code,
          error: describeError(failure.cause),
        });
      }
      refuse(res, failure, request);
    } finally {
      metrics.observeCall('export', code, performance.now() - started);
    }
  };
}

function learnerToExport({ authentication }: RequestFacts): string {
  if (!('viewer' in authentication)) {
    throw new ApiError(authentication.failure === 'unavailable' ? 'SERVICE_UNAVAILABLE' : 'UNAUTHORIZED');
  }
  const { userId, role } = authentication.viewer;
  if (role !== 'learner') throw new ApiError('FORBIDDEN');
  return userId;
}

function refuse(res: Response, { code }: ApiError, { requestId }: RequestFacts): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.setHeader('cache-control', 'no-store');
  if (code === 'UNAUTHORIZED') res.setHeader('www-authenticate', 'Bearer');
  if (code === 'TOO_MANY_REQUESTS' || code === 'SERVICE_UNAVAILABLE') res.setHeader('retry-after', '5');
  sendError(res, code, requestId);
}

/** Sends lines as fast as they are taken, and no faster. */
function writerTo(res: Response): (lines: Buffer) => Promise<void> {
  return async (lines) => {
    if (!res.headersSent) {
      res.status(200).set({
        'cache-control': 'no-store',
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': 'attachment; filename="studyin-export.jsonl"',
      });
    }
    if (res.destroyed) throw new ApiError('CLIENT_CLOSED_REQUEST');
    if (!res.write(lines)) await roomIn(res);
  };
}

function roomIn(res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const after = (finish: () => void) => () => {
      clearTimeout(timer);
      res.off('drain', onDrain).off('close', onClose);
      finish();
    };
    const onDrain = after(resolve);
    const onClose = after(() => reject(new ApiError('CLIENT_CLOSED_REQUEST')));
    const timer = setTimeout(
      after(() => reject(new ApiError('TIMEOUT'))),
      STALL_MS,
    );
    res.on('drain', onDrain).on('close', onClose);
  });
}
