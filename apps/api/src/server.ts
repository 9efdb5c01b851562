import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@studyin/domain/errors';
import { createCallParts } from './call-parts.ts';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { createExpressApp } from './express-app.ts';
import type { Readiness } from './health.ts';
import { limitCalls } from './limit-calls.ts';
import { createRequestReader } from './request-facts.ts';
import type { ClientTimeouts } from './server-limits.ts';
import type { TokenVerifier } from './tokens.ts';
import { createTransport } from './transport/create-transport.ts';

export type ServerParts = {
  readonly services: Services;
  readonly verifyToken: TokenVerifier;
  readonly checkReadiness: () => Promise<Readiness>;
  readonly settings: Config['http'];
  readonly timeouts: ClientTimeouts;
};

export type ApiServer = {
  readonly url: string;
  /** From here on every answer asks its client to leave this connection. */
  drain(): void;
  /** Stops listening and waits for running calls; what is still open after `timeoutMs` is cut. */
  close(timeoutMs: number): Promise<void>;
};

/** Listens. Throws `misconfigured` where the port is taken or may not be used. */
export async function startServer(parts: ServerParts): Promise<ApiServer> {
  const { services, settings } = parts;
  const { headersMs, requestMs, checkMs } = parts.timeouts;
  const draining = createDraining();
  const limits = limitCalls(settings, services.metrics);
  const calls = createCallParts(services);
  const reader = createRequestReader(parts.verifyToken, settings);
  const common = { services, calls, reader, limits };
  const transport = createTransport({ ...common, isDraining: () => draining.isOn() });
  const app = createExpressApp({ ...common, checkReadiness: parts.checkReadiness });
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkMs, // node's own, 30 seconds, would make the two above 40 and 60
      keepAliveTimeout: 65_000,
    },
    // Express's router costs as much as recording an answer, so the plain calls, which are nearly all, do not pass through it.
    (req, res) => {
      if (transport(req, res)) return;
      draining.watch(res);
      app(req, res);
    },
  );
  await listen(server, settings);
  const { port } = server.address() as AddressInfo; // as: a server that listens on TCP
  const { host } = settings;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    drain: () => draining.begin(),
    close: async (timeoutMs) => {
      limits.close();
      await close(server, timeoutMs);
    },
  };
}

function createDraining(): { watch(res: ServerResponse): void; isOn(): boolean; begin(): void } {
  const open = new Set<ServerResponse>();
  let draining = false;
  return {
    watch: (res) => {
      if (draining) res.setHeader('connection', 'close');
      open.add(res);
      res.once('close', () => open.delete(res));
    },
    isOn: () => draining,
    begin: () => {
      draining = true;
      for (const res of open) if (!res.headersSent) res.setHeader('connection', 'close');
    },
  };
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code ?? 'unknown'})`;
      reject(
        new DomainError(
          'misconfigured',
          `Port ${port} of ${host} ${why}; set STUDYIN_PORT or STUDYIN_HOST to another.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  server.closeIdleConnections();
  await closed;
  clearTimeout(cut);
}
