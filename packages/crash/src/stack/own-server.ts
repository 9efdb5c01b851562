// A durable PostgreSQL of the run's own, that may be killed and comes back on its port.
import { startEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import type { EmbeddedDatabase } from '@studyin/devkit/embedded-database';
import { prepareDatabase } from '@studyin/devkit/prepared-database';
import type { Keys } from '@studyin/domain/services';

export type OwnServer = {
  /** As owner. */
  readonly url: string;
  /** SIGKILL of the postmaster. */
  kill(): void;
  /** Resolves when it takes connections again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it and brings its database to this release's schema, with the default curriculum. */
export async function startOwnServer(directory: string, keys: Keys): Promise<OwnServer> {
  let server = await startEmbeddedDatabase({ directory });
  const { url, port } = server;
  const start = async (): Promise<EmbeddedDatabase> => {
    const started = await startEmbeddedDatabase({ directory, preferredPort: port });
    if (started.port === port) return started;
    await started.stop({ force: true });
    throw new Error(`port ${port} was taken while PostgreSQL was away`);
  };
  try {
    await prepareDatabase({ url, keys });
  } catch (error) {
    await server.stop({ force: true });
    throw error;
  }
  return {
    url,
    kill: () => server.kill(),
    restart: async () => {
      server = await start();
    },
    stop: () => server.stop({ force: true }),
  };
}
