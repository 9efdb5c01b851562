import type { App } from '../app.ts';
import { getNowMs, listStepRuns } from '../stores/batch-store.ts';
import { lagDaysOf } from './nightly/next-night.ts';
import { nightSteps, stepNames } from './nightly/steps.ts';

export type NightLag = {
  readonly step: string;
  /** The last day whose night is done; null before the first. */
  readonly watermark: string | null;
  /** Nights that are not done though it is past 05:00 UTC. */
  readonly lagDays: number;
};

/** How far each step of the nightly chain has come. */
export async function findNightLag(app: Pick<App, 'database' | 'clock'>): Promise<readonly NightLag[]> {
  const { reader } = app.database;
  const nowMs = app.clock.fixedAt?.getTime() ?? (await getNowMs(reader));
  const watermarks = new Map((await listStepRuns(reader, stepNames)).map(({ step, watermark }) => [step, watermark]));
  return nightSteps.map((step) => ({
    step: step.name,
    watermark: watermarks.get(step.name) ?? null,
    lagDays: lagDaysOf(step, watermarks, nowMs),
  }));
}
