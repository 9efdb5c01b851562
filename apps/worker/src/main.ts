import { startTracing } from '@studyin/telemetry/tracing';
import { envToConfig, readEnv } from './config.ts';
import { createLog, describeError, failWith } from '@studyin/telemetry/log';
import { startWorker } from './start-worker.ts';

const EXIT_BY_MS = 9_500;

async function main(): Promise<void> {
  const config = envToConfig(readEnv());
  const log = createLog('worker', config.logLevel);
  process.on('uncaughtException', (error) => {
    // node's own report would quote the message, which may quote data
    log.error({ event: 'worker.crashed', error: describeError(error) });
    process.exit(1);
  });
  const tracing = await startTracing({ ...config.traces, service: 'studyin-worker' });
  const worker = await startWorker(config, { log, tracing });
  log.info({
    event: 'worker.started',
    concurrency: config.concurrency,
    ...(worker.url === null ? {} : { url: worker.url }),
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'worker.stopping', signal });
    setTimeout(() => {
      log.error({ event: 'worker.stop_timed_out' });
      process.exit(1);
    }, EXIT_BY_MS).unref();
    worker
      .stop()
      .then(() => tracing.stop())
      .then(
        () => log.info({ event: 'worker.stopped' }),
        (error: unknown) => {
          log.error({ event: 'worker.stop_failed', error: describeError(error) });
          process.exitCode = 1;
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => failWith('The worker could not start', error));
