import { runRetention } from '@studyin/domain/services';
import type { App, OldRows, RetentionReport, RetentionStep } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { interruptible } from '../interruption.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output, Stage } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { textTable } from '../text-table.ts';
import { withApp } from '../with-app.ts';

export type RetentionInput = {
  /** A day, UTC; null: yesterday. */
  readonly asOf: string | null;
  readonly dryRun: boolean;
};

/** Drops what is too old, or tells what that is. Broken off, it leaves what is done, and goes on when it is given again. */
export async function retentionCommand(config: Config, output: Output, input: RetentionInput): Promise<void> {
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    const role = await chooseRole(database.url, config.role);
    const opened = { url: database.url, role, secrets: loadSecrets(config), rules: config.rules, readsAll: true };
    const report = await interruptible((signal) =>
      withApp(opened, async (app) => {
        await requireMigrated(app);
        return runStage(app, { ...input, output, signal });
      }),
    );
    for (const line of describe(report)) output.line(line);
    output.result(report);
  } finally {
    await database.close();
  }
}

const stepNames: Readonly<Record<RetentionStep, string>> = {
  rows: 'rows',
  checkpoints: 'learners',
  months: 'months',
  projections: 'sessions and interactions',
};

const kindNames: Readonly<Record<OldRows['kind'], string>> = {
  access_log: 'access log',
  rejected_events: 'quarantine',
  finished_jobs: 'finished jobs',
  dead_letters: 'dead letters',
  peer_distributions: 'distributions over learners',
  batch_chunks: 'chunks of unfinished nights',
};

type StageInput = RetentionInput & { readonly output: Output; readonly signal: AbortSignal };

async function runStage(app: App, { asOf, dryRun, output, signal }: StageInput): Promise<RetentionReport> {
  const stage: Stage = output.stage('retention');
  const report = await runRetention(app, {
    today: asOf ?? yesterday(),
    dryRun,
    signal,
    onProgress: (step, done, total) => stage.progress(done, total, stepNames[step]),
  });
  stage.done(`${dryRun ? 'would keep' : 'keeps'} facts from ${report.boundary} on`);
  return report;
}

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}

function describe(report: RetentionReport): readonly string[] {
  const { dryRun, boundary, learners, months, sessions, interactions, oldRows } = report;
  const facts = months.flatMap(({ month, events, attempts, archive }) => [
    [`events of ${month}`, count(events), boundary, '24 months', archive ?? ''],
    [`answers of ${month}`, count(attempts), boundary, '24 months', archive ?? ''],
  ]);
  const rows = [
    [
      dryRun ? 'would be deleted' : 'deleted',
      'rows',
      'from before',
      'kept for',
      months.some(isArchived) ? 'archive' : '',
    ],
    ...oldRows.map(({ kind, keptDays, before, rows: old }) => {
      return [kindNames[kind], count(old), before, keptDays === 1 ? '1 day' : `${count(keptDays)} days`];
    }),
    ...facts,
    ['sessions', count(sessions), boundary, '24 months'],
    ['interactions, added up', count(interactions), boundary, '24 months'],
  ];
  return [
    ...textTable(rows).map((line) => `  ${line}`),
    `  checkpoints of ${count(learners)} learners ${dryRun ? 'would be' : 'were'} made`,
  ];
}

function isArchived({ archive }: RetentionReport['months'][number]): boolean {
  return archive !== null;
}
