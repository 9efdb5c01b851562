// The example learners of `up`: who they are, and their days on the way through the API.
import type { Client, EventInput } from '@studyin/client';
import { simulateLearner, simulatedLearner } from '@studyin/devkit/simulator/simulate-learner';
import type { SimulationOptions } from '@studyin/devkit/simulator/simulate-learner';
import { studyTopicsOf } from '@studyin/devkit/simulator/study-topics';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { defaultCurriculum } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { findLatestRunMark, findRunMark, saveRunMark } from '../run-marks.ts';
import { countLost, describeCounts, sendLanes } from '../send-lanes.ts';

export type ExampleOptions = {
  readonly learners: number;
  readonly days: number;
  readonly seed: number;
  /** Null: where they ended when they were sent first, else yesterday. */
  readonly end: string | null;
};

export type Examples = {
  readonly userIds: readonly string[];
  readonly end: string;
  /** Whether the API refused some of their events. */
  readonly isComplete: boolean;
};

type Context = { readonly app: App; readonly client: Client; readonly output: Output; readonly signal: AbortSignal };

const LANES = 6;

/** Sends them unless this database has them. A start that was broken off goes on with the same learners. */
export async function sendExamples(context: Context, options: ExampleOptions): Promise<Examples> {
  const { app, output } = context;
  const stage = output.stage('example learners');
  const prefix = `cli examples seed=${options.seed} days=${options.days} learners=${options.learners} end=`;
  const mark =
    options.end === null ? await findLatestRunMark(app, prefix) : await findRunMark(app, prefix + options.end);
  const end = options.end ?? mark?.day ?? addDays(utcDayOf(Date.now()), -1);
  const simulation = { topics: studyTopicsOf(defaultCurriculum()), seed: options.seed, days: options.days, end };
  const userIds = Array.from({ length: options.learners }, (_, index) => simulatedLearner(simulation, index).userId);
  if (mark?.isFinished === true) {
    stage.done(`sent before, ${count(mark.rows)} events up to ${end} (--fresh begins anew)`);
    return { userIds, end, isComplete: true };
  }
  await saveRunMark(app, prefix + end, { day: end, isFinished: false, rows: 0 });
  const lanes = lanesOf(simulation, options.learners);
  const progress = { learners: 0 };
  const counts = await sendLanes(
    context.client,
    lanes.map((lane) => counted(lane, progress)),
    {
      signal: context.signal,
      onProgress: (answered) =>
        stage.progress(progress.learners, options.learners, `learners, ${count(answered)} events`),
    },
  );
  const isComplete = countLost(counts) === 0;
  await saveRunMark(app, prefix + end, { day: end, isFinished: isComplete, rows: counts.accepted + counts.duplicates });
  stage.done(`${options.learners} learners up to ${end}: ${describeCounts(counts)}`);
  return { userIds, end, isComplete };
}

/** Each lane has every sixth learner, one after the other; their days are made when it is their turn. */
function lanesOf(simulation: SimulationOptions, learners: number): readonly Iterable<readonly EventInput[]>[] {
  return Array.from({ length: Math.min(LANES, learners) }, (_, lane) => laneOf(simulation, { learners, lane }));
}

type LaneNumber = { readonly learners: number; readonly lane: number };

function* laneOf(
  simulation: SimulationOptions,
  { learners, lane }: LaneNumber,
): Generator<readonly EventInput[], void> {
  for (let index = lane; index < learners; index += LANES) {
    yield [...simulateLearner(simulation, index)].flatMap(({ events }) => events);
  }
}

function* counted(
  lane: Iterable<readonly EventInput[]>,
  progress: { learners: number },
): Generator<readonly EventInput[], void> {
  for (const part of lane) {
    yield part;
    progress.learners += 1;
  }
}
