// Several processes that do the tasks of one command: simulating, writing and deriving are bound by the processor.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DomainError } from '@studyin/domain/errors';
import type { Env } from '@studyin/settings/read-settings';
import type { PartAnswer, PartResult, PartTask } from './part-task.ts';

export type RunTasks = {
  readonly signal: AbortSignal;
  readonly onResult: (result: PartResult) => void;
};

export type Parts = {
  /** Does every task once, in any order. Throws what the first failing one says. */
  run(tasks: Iterable<PartTask>, options: RunTasks): Promise<void>;
  close(): Promise<void>;
};

export function startParts(count: number, env: Env): Parts {
  const parts = Array.from({ length: count }, () => startPart(env));
  return {
    run: async (tasks, { signal, onResult }) => {
      const next = tasks[Symbol.iterator]();
      const failing = new AbortController(); // the others stop after the task they are at
      const work = async (part: Part): Promise<void> => {
        for (let step = next.next(); step.done !== true; step = next.next()) {
          onResult(await part.ask(step.value));
          signal.throwIfAborted();
          if (failing.signal.aborted) return;
        }
      };
      await Promise.all(
        parts.map((part) =>
          work(part).catch((error: unknown) => {
            failing.abort();
            signal.throwIfAborted(); // an interrupted command ends its processes too: that is no failure
            throw error;
          }),
        ),
      );
    },
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

type Part = { ask(task: PartTask): Promise<PartResult>; close(): Promise<void> };

function startPart(env: Env): Part {
  const isSource = import.meta.filename.endsWith('.ts');
  const script = join(import.meta.dirname, isSource ? '../main.ts' : '../main.js');
  const child = fork(script, ['generate-part'], {
    env,
    execArgv: isSource ? ['--conditions=@studyin/source'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  return {
    ask: (task) => Promise.race([askOf(child, task), ended.then(unexpectedEnd)]),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function askOf(child: ChildProcess, task: PartTask): Promise<PartResult> {
  const answered = once(child, 'message');
  child.send(task);
  const [answer] = (await answered) as [PartAnswer]; // as: what generate-part.ts sends
  if (answer.ok) return answer.result;
  throw new DomainError(answer.code, answer.message);
}

function unexpectedEnd([code, signal]: readonly unknown[]): never {
  throw new DomainError('internal', `A process of generate ended with ${String(signal ?? code)}.`);
}
