// Mocha's reporter for `npm test`: one line a test file, failures with their differences at the end, and the counts
// as JSON in the file that the option `result` names.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface FileProgress {
  readonly file: string;
  /** Of its tests and hooks together. */
  durationMs: number;
  passed: number;
  failed: number;
  skipped: number;
}

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

function printFile({ file, durationMs, passed, failed, skipped }: FileProgress): void {
  const counts = [
    passed > 0 || failed === 0 ? `${passed} passed` : '',
    failed > 0 ? `${failed} FAILED` : '',
    skipped > 0 ? `${skipped} skipped` : '',
  ];
  const mark = failed > 0 ? '✘' : '✔';
  console.log(`  ${mark} ${file}  ${counts.filter(Boolean).join(', ')}  ${(durationMs / 1000).toFixed(1)} s`);
}

function fileOf(runnable: Mocha.Runnable, current: FileProgress | null): string {
  const path = runnable.file ?? runnable.parent?.file;
  return path === undefined ? (current?.file ?? 'root hooks') : relative(process.cwd(), path);
}

/** Mocha calls it with `new`. */
function ProgressReporter(runner: Mocha.Runner, options: { reporterOptions?: { result?: string } }): void {
  const failures: Mocha.Test[] = [];
  const totals = { passed: 0, failed: 0, skipped: 0 };
  let current: FileProgress | null = null;
  const progressOf = (runnable: Mocha.Runnable): FileProgress => {
    const file = fileOf(runnable, current);
    if (current?.file === file) return current;
    if (current !== null) printFile(current);
    return (current = { file, durationMs: 0, passed: 0, failed: 0, skipped: 0 });
  };
  const count = (runnable: Mocha.Runnable, outcome: keyof TestCounts): void => {
    const progress = progressOf(runnable);
    progress.durationMs += runnable.duration ?? 0;
    progress[outcome] += 1;
    totals[outcome] += 1;
  };
  runner.on(EVENT_HOOK_END, (hook) => {
    progressOf(hook).durationMs += hook.duration ?? 0;
  });
  runner.on(EVENT_TEST_PASS, (test) => count(test, 'passed'));
  runner.on(EVENT_TEST_PENDING, (test) => count(test, 'skipped'));
  runner.on(EVENT_TEST_FAIL, (test, error: unknown) => {
    count(test, 'failed');
    // Where Base.list looks for it; a parallel run has not put it there.
    failures.push(Object.assign(test, { err: error }));
  });
  runner.once(EVENT_RUN_END, () => {
    if (current !== null) printFile(current);
    if (failures.length > 0) Mocha.reporters.Base.list(failures);
    if (options.reporterOptions?.result !== undefined) {
      writeFileSync(options.reporterOptions.result, JSON.stringify(totals));
    }
  });
}

// Mocha loads a reporter by require and takes what that returns.
export { ProgressReporter as 'module.exports' };
