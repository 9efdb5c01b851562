import { runRetention } from '@studyin/domain/services';
import type { App, OldRows, RetentionReport, RetentionStep } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { count } from '../output.ts';
import type { Output, Stage } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type RetentionInput = {
  /** A day, UTC; null: yesterday. */
  readonly asOf: string | null;
  readonly dryRun: boolean;
};

/** Drops what is too old, or tells what that is. */
export async function retentionCommand(config: Config, output: Output, input: RetentionInput): Promise<void> {
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    const role = await chooseRole(database.url, config.role);
    const report = await withApp(
      { url: database.url, role, secrets: loadSecrets(config), rules: config.rules, readsAll: true },
      async (app) => {
        await requireMigrated(app);
        return runStage(app, { ...input, output });
      },
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
  access_log: 'rows of the access log',
  rejected_events: 'rows of quarantine',
  finished_jobs: 'finished jobs',
  dead_letters: 'dead letters',
  peer_distributions: 'distributions over learners',
  batch_chunks: 'chunks of unfinished nights',
};

type StageInput = RetentionInput & { readonly output: Output };

async function runStage(app: App, { asOf, dryRun, output }: StageInput): Promise<RetentionReport> {
  const stage: Stage = output.stage('retention');
  const report = await runRetention(app, {
    today: asOf ?? yesterday(),
    dryRun,
    onProgress: (step, done, total) => stage.progress(done, total, stepNames[step]),
  });
  stage.done(`${dryRun ? 'would keep' : 'keeps'} facts from ${report.boundary} on`);
  return report;
}

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}

function describe(report: RetentionReport): readonly string[] {
  const { dryRun, learners, months, sessions, interactions, oldRows } = report;
  const [would, dropped] = dryRun ? ['would ', 'drop'] : ['', 'dropped'];
  const deleted = `  ${would}${dryRun ? 'delete' : 'deleted'}`;
  return [
    ...oldRows.map(({ kind, keptDays, before, rows }) => {
      return `${deleted} ${count(rows)} ${kindNames[kind]} from before ${before} (kept for ${count(keptDays)} days)`;
    }),
    `  ${would}${dryRun ? 'make' : 'made'} checkpoints of ${count(learners)} learners`,
    ...months.map(({ month, events, attempts, archive }) => {
      const where = archive === null ? '' : `, archived in ${archive}`;
      return `  ${would}${dropped} ${month}: ${count(events)} events, ${count(attempts)} attempts${where}`;
    }),
    ...(months.length === 0 ? ['  no month is old enough'] : []),
    `${deleted} ${count(sessions)} sessions and ${count(interactions)} interactions`,
  ];
}
