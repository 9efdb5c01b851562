// Checks what the product promises of its rows, by brute force. Read only: it may run beside the processes it checks.
import { DEFAULT_GAP_VERSION, eloModel, METRICS_VERSION } from '../algorithms/index.ts';
import type { MasteryModel } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Reader } from '../database/index.ts';
import { updateLearnerJob } from '../jobs/index.ts';
import { getVerifiedCurriculum } from '../stores/verify-curriculum-store.ts';
import type { VerifiedCurriculum } from '../stores/verify-curriculum-store.ts';
import {
  countLearners,
  listAwaited,
  listFactAttempts,
  listFactEvents,
  listLearnerPage,
  listStandings,
  listVerifiedCheckpoints,
  readOneSnapshot,
} from '../stores/verify-fact-store.ts';
import type { FactAttempt, FactEvent, LearnerPage, Standing, VerifiedCheckpoint } from '../stores/verify-fact-store.ts';
import { getVerifiedModel } from '../stores/verify-model-store.ts';
import { listRowsOfNobody, listStoredRows } from '../stores/verify-row-store.ts';
import { verifiedNames, verifiedTables } from '../stores/verify-tables.ts';
import type { Row, VerifiedName } from '../stores/verify-tables.ts';
import { checkAtomic, checkAwaited, checkOnce, isBehind } from './verify/check-facts.ts';
import { checkBounds, compareRows } from './verify/compare-rows.ts';
import type { MaterialIds } from './verify/expected-answers.ts';
import { computeExpectedRows } from './verify/expected-rows.ts';
import { createFindings } from './verify/findings.ts';
import type { Finding, Findings, InvariantReport } from './verify/findings.ts';
import { learnerFacts } from './verify/learner-facts.ts';
import { checkPast, pastOf } from './verify/past.ts';
import type { Past } from './verify/past.ts';

export type VerifyOptions = {
  /** Only these learners; all where absent. */
  readonly userIds?: readonly string[];
  /** Broken rows told in words for each invariant. Default 5. */
  readonly limitExamples?: number;
  readonly onProgress?: (done: number, total: number) => void;
};

export type Checked = {
  readonly learners: number;
  readonly events: number;
  readonly attempts: number;
  /** Stored rows of projections and derived tables. */
  readonly rows: number;
  /** Learners whose derived rows were not compared: a job to bring them up to date is waiting or running. */
  readonly pending: number;
};

export type Verification = {
  readonly ok: boolean;
  readonly checked: Checked;
  readonly invariants: readonly InvariantReport[];
};

// A session is one row, though two invariants look at it.
const countedNames = verifiedNames.filter((name) => name !== 'sessionTimes');
const LEARNERS_A_CHUNK = 200;
// Keeps a chunk of a few diligent learners from filling the memory.
const ANSWERS_A_CHUNK = 20_000;

/**
 * Checks the invariants `once`, `atomic`, `session_counters`, `derived` and `bounded`: the facts among themselves, and every
 * row that follows from them against a computation from the learner's first fact on (numbers to 1e-9). Where old facts were
 * dropped, the checkpoint and the rows of days and sessions before it are taken as given, and only that they agree is checked. Each chunk of learners
 * is read in one snapshot, so that writers may go on. Writes nothing. Throws `unavailable` where the database does not answer.
 */
export async function verify({ database }: Pick<App, 'database'>, options: VerifyOptions = {}): Promise<Verification> {
  const { limitExamples = 5, onProgress } = options;
  const userIds = options.userIds ?? null;
  const findings = createFindings(limitExamples);
  const total = await countLearners(database.reader, userIds);
  let checked: Checked = { learners: 0, events: 0, attempts: 0, rows: 0, pending: 0 };
  const models: Models = new Map();
  let after: string | null = null;
  for (;;) {
    const page = cutPage(await listLearnerPage(database.reader, { after, userIds, limit: LEARNERS_A_CHUNK }));
    const last = page.at(-1);
    if (last === undefined) break;
    const ids = page.map((learner) => learner.userId);
    const chunk = await database.transaction((tx) => readOneSnapshot(tx).then(() => loadChunk(tx, ids, models)));
    checked = add(checked, checkChunk(chunk, findings));
    after = last.userId;
    onProgress?.(checked.learners, total);
  }
  findings.add((await listRowsOfNobody(database.reader, userIds)).map(rowsOfNobody));
  const invariants = findings.report();
  return { ok: invariants.every((invariant) => invariant.ok), checked, invariants };
}

/** The first learners of a page that have no more answers together than fit one chunk; at least one. */
function cutPage(page: LearnerPage): LearnerPage {
  let answers = 0;
  const end = page.findIndex((learner) => (answers += learner.answers) > ANSWERS_A_CHUNK);
  return end === -1 ? page : page.slice(0, Math.max(1, end));
}

type Chunk = {
  readonly standings: readonly Standing[];
  readonly awaited: ReadonlySet<string>;
  readonly curriculum: VerifiedCurriculum;
  readonly checkpoints: readonly VerifiedCheckpoint[];
  readonly events: readonly FactEvent[];
  readonly attempts: readonly FactAttempt[];
  readonly stored: ReadonlyMap<VerifiedName, readonly Row[]>;
  readonly models: Models;
};

/** Versions of the mastery model that rows stand under, each read once. */
type Models = Map<number, MasteryModel>;

async function loadChunk(reader: Reader, userIds: readonly string[], models: Models): Promise<Chunk> {
  const stored = new Map<VerifiedName, readonly Row[]>();
  for (const name of verifiedNames) stored.set(name, await listStoredRows(reader, name, userIds));
  const standings = await listStandings(reader, userIds);
  for (const { modelVersion } of standings) {
    if (modelVersion === null || models.has(modelVersion)) continue;
    models.set(modelVersion, await getVerifiedModel(reader, modelVersion));
  }
  return {
    standings,
    models,
    awaited: await listAwaited(reader, { jobName: updateLearnerJob.name, userIds }),
    curriculum: await getVerifiedCurriculum(reader),
    checkpoints: await listVerifiedCheckpoints(reader, userIds),
    events: await listFactEvents(reader, userIds),
    attempts: await listFactAttempts(reader, userIds),
    stored,
  };
}

function checkChunk(chunk: Chunk, findings: Findings): Checked {
  const events = Map.groupBy(chunk.events, (event) => event.userId);
  const attempts = Map.groupBy(chunk.attempts, (attempt) => attempt.userId);
  const stored = new Map(
    [...chunk.stored].map(([name, rows]) => [name, Map.groupBy(rows, (row) => String(row['user_id']))]),
  );
  const checkpoints = new Map(chunk.checkpoints.map((checkpoint) => [checkpoint.userId, checkpoint]));
  const materials = Map.groupBy(chunk.curriculum.materials, (material) => material.topicId);
  const materialIds = new Map([...materials].map(([topicId, ofTopic]) => [topicId, ofTopic.map(({ id }) => id)]));
  let checked: Checked = {
    learners: 0,
    events: chunk.events.length,
    attempts: chunk.attempts.length,
    rows: 0,
    pending: 0,
  };
  for (const standing of chunk.standings) {
    const { userId } = standing;
    const facts = learnerFacts(userId, { events: events.get(userId) ?? [], attempts: attempts.get(userId) ?? [] });
    const rowsOf = (name: VerifiedName): readonly Row[] => stored.get(name)?.get(userId) ?? [];
    const checkpoint = checkpoints.get(userId);
    const past = checkpoint === undefined ? null : pastOf(checkpoint, rowsOf);
    const hasJob = chunk.awaited.has(userId);
    const isPending = hasJob && (isBehind(standing) || standing.curriculumVersion !== chunk.curriculum.version);
    findings.add([...checkOnce(facts, standing, past), ...checkAtomic(facts), ...checkAwaited(standing, hasJob)]);
    if (past !== null) findings.add(checkPast(past));
    const model = chunk.models.get(standing.modelVersion ?? eloModel.version) ?? eloModel;
    const { curriculum } = chunk;
    findings.add(checkRows(facts, { rowsOf, materialIds, isPending, standing, curriculum, past, model }));
    const rows = countedNames.reduce((sum, name) => sum + rowsOf(name).length, 0);
    checked = add(checked, { learners: 1, events: 0, attempts: 0, rows, pending: isPending ? 1 : 0 });
  }
  return checked;
}

type RowInput = {
  readonly rowsOf: (name: VerifiedName) => readonly Row[];
  readonly materialIds: MaterialIds;
  readonly isPending: boolean;
  readonly standing: Standing;
  readonly curriculum: VerifiedCurriculum;
  readonly past: Past | null;
  readonly model: MasteryModel;
};

function checkRows(facts: ReturnType<typeof learnerFacts>, input: RowInput): readonly Finding[] {
  const { rowsOf, materialIds, isPending, standing, curriculum, past, model } = input;
  const goals = new Map(rowsOf('daily').map((row) => [String(row['stat_date']), Number(row['goal_minutes'])]));
  const { scheduler, gapVersion, night } = standing;
  const [overview] = rowsOf('metrics');
  const settings = {
    scheduler: scheduler ?? 'fsrs-6',
    gapVersion: gapVersion ?? DEFAULT_GAP_VERSION,
    metricsVersion: overview?.['calculation_version'] === 1 ? 1 : METRICS_VERSION,
  };
  const expected = computeExpectedRows(facts, { materialIds, goals, curriculum, night, past, model, ...settings });
  // Gaps and readiness follow an import with the learner's next update or night, and the curriculum they were made by is gone.
  const isOutdated = standing.curriculumVersion !== curriculum.version;
  const expectedOf = (name: VerifiedName): readonly Row[] =>
    isOutdated && name === 'metrics'
      ? expected.metrics.map((row) => ({ ...row, readiness: overview?.['readiness'] ?? null }))
      : expected[name];
  return verifiedNames.flatMap((name) => {
    const stored = rowsOf(name);
    const told = past === null ? stored : stored.filter((row) => past.isChecked(name, row));
    const isLeftOut = (isPending && verifiedTables[name].invariant === 'derived') || (isOutdated && name === 'gaps');
    return [
      ...checkBounds(name, stored),
      ...(isLeftOut ? [] : compareRows(name, { expected: expectedOf(name), stored: told })),
    ];
  });
}

function rowsOfNobody({
  table,
  invariant,
  userId,
  rows,
}: Awaited<ReturnType<typeof listRowsOfNobody>>[number]): Finding {
  return {
    invariant,
    example: `${table} user_id=${userId}: rows expected 0 (there is no such learner), found ${rows}`,
  };
}

function add(a: Checked, b: Checked): Checked {
  return {
    learners: a.learners + b.learners,
    events: a.events + b.events,
    attempts: a.attempts + b.attempts,
    rows: a.rows + b.rows,
    pending: a.pending + b.pending,
  };
}
