import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { childEnv } from '@studyin/devkit/processes/child-env';
import { scriptOf } from '../stack/script-of.ts';
import type { FromGenerator, LoadOrder, LoadResult, ToGenerator } from './load-order.ts';

export type LoadGenerator = {
  /** Prepares the calls, runs `begin`, sends the calls, and answers what came of them. One order at a time. */
  send(order: LoadOrder, begin?: () => Promise<void>): Promise<LoadResult>;
  stop(): Promise<void>;
};

/** Starts the load generator as a process of its own. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(scriptOf('load-generator'), {
    execArgv: ['--conditions=@studyin/source'],
    env: childEnv({}),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    send: async (order, begin) => {
      await ask(child, { kind: 'prepare', order });
      await begin?.();
      const answer = await ask(child, { kind: 'go' });
      if (answer.kind !== 'done') throw new Error(`the load generator said ${answer.kind}`);
      return answer.result;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.send({ kind: 'end' } satisfies ToGenerator);
      await ended;
    },
  };
}

function ask(child: ChildProcess, message: ToGenerator): Promise<FromGenerator> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the load generator ended'));
    child.once('exit', onExit);
    // as: the child is our own and sends nothing else
    child.once('message', (answer) => {
      child.off('exit', onExit);
      const heard = answer as FromGenerator;
      if (heard.kind === 'failed') reject(new Error(`the load generator: ${heard.message}`));
      else resolve(heard);
    });
    child.send(message);
  });
}
