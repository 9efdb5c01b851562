import { startTracing } from '@studyin/telemetry/tracing';
import { envToConfig, readEnv } from './config.ts';
import { createLog, describeError, failWith } from '@studyin/telemetry/log';
import { startApi } from './start-api.ts';

const EXIT_BY_MS = 9_500;

async function main(): Promise<void> {
  const config = envToConfig(readEnv());
  const log = createLog('api', config.logLevel);
  process.on('uncaughtException', (error) => {
    // node's own report would quote the message, which may quote data
    log.error({ event: 'api.crashed', error: describeError(error) });
    process.exit(1);
  });
  const tracing = await startTracing({ ...config.traces, service: 'studyin-api' });
  const api = await startApi(config, { log, tracing, keepsOpen: true });
  log.info({ event: 'api.listening', url: api.url });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'api.stopping', signal });
    setTimeout(() => {
      log.error({ event: 'api.stop_timed_out' });
      process.exit(1);
    }, EXIT_BY_MS).unref();
    api
      .stop()
      .then(() => tracing.stop())
      .then(
        () => log.info({ event: 'api.stopped' }),
        (error: unknown) => {
          log.error({ event: 'api.stop_failed', error: describeError(error) });
          process.exitCode = 1;
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => failWith('The API could not start', error));
