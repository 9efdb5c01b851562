// /livez (no database), /readyz and /metrics on a port of their own.
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { DomainError } from '@studyin/domain/errors';
import type { Metrics } from './metrics.ts';

export type HealthOptions = {
  readonly address: { readonly host: string; readonly port: number };
  readonly metrics: Metrics;
  /** Whether this worker takes jobs and its database answers. */
  readonly isReady: () => Promise<boolean>;
};

export type HealthServer = { readonly url: string; close(): void };

/** Listens. Throws `misconfigured` where the port is taken. */
export async function startHealthServer({ address, metrics, isReady }: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://worker').pathname;
    answer(path, response, { metrics, isReady }).catch(() => send(response, { status: 500, text: 'failed\n' }));
  });
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new DomainError(
      'misconfigured',
      `The worker's port ${address.port} at ${address.host} cannot be used (STUDYIN_WORKER_PORT).`,
      { cause: error },
    );
  }
  return {
    url: `http://${address.host}:${address.port}`,
    close: () => closeNow(server),
  };
}

async function answer(
  path: string,
  response: ServerResponse,
  { metrics, isReady }: Pick<HealthOptions, 'metrics' | 'isReady'>,
): Promise<void> {
  switch (path) {
    case '/livez':
      return send(response, { status: 200, text: 'ok\n' });
    case '/readyz': {
      const ready = await isReady();
      return send(response, { status: ready ? 200 : 503, text: ready ? 'ok\n' : 'not ready\n' });
    }
    case '/metrics':
      response.setHeader('content-type', metrics.contentType);
      return send(response, { status: 200, text: await metrics.render() });
    default:
      return send(response, { status: 404, text: 'not found\n' });
  }
}

function send(response: ServerResponse, { status, text }: { readonly status: number; readonly text: string }): void {
  if (!response.headersSent) response.writeHead(status);
  response.end(text);
}

function closeNow(server: Server): void {
  server.close();
  server.closeAllConnections();
}
