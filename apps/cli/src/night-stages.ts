import { runNights } from '@studyin/domain/services';
import type { App, NightReport } from '@studyin/domain/services';
import { count } from './output.ts';
import type { Output, Stage } from './output.ts';

export type NightOptions = { readonly asOf: string | null; readonly signal?: AbortSignal };

/** Does the nights that are missing, one stage for each step of each. */
export function nightStages(app: App, output: Output, options: NightOptions): Promise<readonly NightReport[]> {
  const shown: { stage: Stage | null } = { stage: null };
  const stageOf = (step: string): Stage => (shown.stage ??= output.stage(step));
  return runNights(app, {
    ...options,
    onProgress: (step, done, total) => stageOf(step).progress(done, total, 'chunks'),
    onStep: (report) => {
      stageOf(report.step).done(summaryOf(report));
      shown.stage = null;
    },
  });
}

function summaryOf({ day, rows, differences }: NightReport): string {
  return `${day}: ${count(rows)} rows${differences === 0 ? '' : `, ${count(differences)} differences`}`;
}
