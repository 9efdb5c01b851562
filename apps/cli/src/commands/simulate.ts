import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { simulateLearner } from '@studyin/devkit/simulator/simulate-learner';
import { studyTopicsOf } from '@studyin/devkit/simulator/study-topics';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { DomainError } from '@studyin/domain/errors';
import { defaultCurriculum } from '@studyin/domain/services';
import type { Config } from '../config.ts';
import { sendExamples } from '../examples/send-examples.ts';
import type { ExampleOptions } from '../examples/send-examples.ts';
import { idleStage } from '../idle-stage.ts';
import { interruptible } from '../interruption.ts';
import { withStack } from '../open-stack.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { createServiceClient } from '../service-client.ts';
import { createTokenMaker } from '../token.ts';
import { withApp } from '../with-app.ts';
import { prepareDatabase } from './up.ts';

export type SimulateOptions = ExampleOptions & {
  /** A file for the events; null: they are sent. */
  readonly out: string | null;
};

type Run = { readonly config: Config; readonly output: Output };

/** Writes or sends the events of simulated learners. Answers whether all of them are stored. */
export async function simulate({ config, output }: Run, { out, ...options }: SimulateOptions): Promise<boolean> {
  const { end } = options;
  if (end !== null && end > utcDayOf(Date.now())) throw new DomainError('invalid', `--end ${end} is in the future.`);
  return interruptible(async (signal) => {
    if (out === null) return send({ config, output, signal }, options);
    await write({ output, signal }, options, out);
    return true;
  });
}

async function send(
  { config, output, signal }: Run & { readonly signal: AbortSignal },
  options: ExampleOptions,
): Promise<boolean> {
  const stack = {
    prepare: (opened: Parameters<typeof prepareDatabase>[1]) => prepareDatabase(output, opened, { fresh: false }),
  };
  return withStack({ config, output }, { ...stack, signal }, ({ apiUrl, database, role, secrets }) =>
    withApp({ url: database.url, role, secrets }, async (app) => {
      const client = createServiceClient(apiUrl, createTokenMaker(config, secrets.tokenSecret));
      const { userIds, end, events, isComplete } = await sendExamples({ app, client, output, signal }, options);
      await idleStage({ app, output, signal });
      output.result({ learners: userIds.length, end, events, complete: isComplete });
      return isComplete;
    }),
  );
}

type Writing = { readonly output: Output; readonly signal: AbortSignal };

async function write({ output, signal }: Writing, options: ExampleOptions, out: string): Promise<void> {
  const { learners, days, seed } = options;
  const end = options.end ?? addDays(utcDayOf(Date.now()), -1);
  const simulation = { topics: studyTopicsOf(defaultCurriculum()), seed, days, end };
  const stage = output.stage('events');
  let events = 0;
  const lines = function* (): Generator<string, void> {
    for (let index = 0; index < learners; index += 1) {
      const own = [...simulateLearner(simulation, index)].flatMap((day) => day.events);
      events += own.length;
      stage.progress(index + 1, learners, 'learners');
      yield own.map((event) => `${JSON.stringify(event)}\n`).join('');
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(out), { signal });
  stage.done(`${count(events)} of ${count(learners)} learners up to ${end} in ${out}`);
  output.result({ learners, end, events, file: out });
}
