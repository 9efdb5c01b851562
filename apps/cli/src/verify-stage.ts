import { verify } from '@studyin/domain/services';
import type { App, Verification } from '@studyin/domain/services';
import { count } from './output.ts';
import type { Output } from './output.ts';

/** Checks every invariant and tells what fails, with examples. */
export async function verifyStage(app: App, output: Output): Promise<Verification> {
  const stage = output.stage('verify');
  const verification = await verify(app, { onProgress: (done, total) => stage.progress(done, total, 'learners') });
  const { checked, invariants } = verification;
  const waiting =
    checked.pending === 0 ? '' : `, ${checked.pending} learners wait for the worker and were not compared`;
  stage.done(
    `${summaryOf(verification)}: ${count(checked.rows)} rows of ${count(checked.learners)} learners recomputed${waiting}`,
  );
  for (const invariant of invariants.filter(({ ok }) => !ok)) {
    output.line(`  ✘ ${invariant.id}: ${count(invariant.count)} differences`);
    for (const example of invariant.examples) output.line(`      ${example}`);
  }
  return verification;
}

/** `ok`, or how many differences there are. */
export function summaryOf({ ok, invariants }: Verification): string {
  return ok ? 'ok' : `${invariants.reduce((sum, invariant) => sum + invariant.count, 0)} differences`;
}
