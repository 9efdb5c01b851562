// One transaction for one batch: lock the learners → events → attempts → sessions and interactions → answers + n → job. Each
// item has its own answer; a bad one never fails its neighbours.
import type { App } from '../app.ts';
import { RollbackWith } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { parseEvent } from '../events/index.ts';
import type { NameSearch, ParsedEvent, RejectReason } from '../events/index.ts';
import { enqueue, updateLearnerJob } from '../jobs/index.ts';
import type { AttemptNumber } from '../stores/attempt-store.ts';
import { findErasedSubjects, lockLearners } from '../stores/learner-store.ts';
import type { LockedLearner, LockRequest } from '../stores/learner-store.ts';
import { eventKey } from '../stores/event-store.ts';
import { resolveEvent } from './resolve-event.ts';
import type { Verdict } from './resolve-event.ts';
import { chooseSessionIds } from './choose-session-ids.ts';
import { quarantineItems } from './quarantine-items.ts';
import { storeEvents } from './store-events.ts';
import { subjectOf } from './subject.ts';

export type Origin = {
  /** Already cut to its network. */
  readonly clientIp: string | null;
  readonly deviceType: string | null;
};

export type RecordItem = {
  readonly userId: string;
  /** A wire event; checked here. */
  readonly input: unknown;
  readonly origin: Origin;
  /** The sender's names, where they are known: none of them may be in it. */
  readonly names?: NameSearch | undefined;
  /** The item's session id is the stored one already, as in quarantine. */
  readonly hasStoredSession?: boolean;
  /** Of an answer: its number is to be told. */
  readonly isNumbered?: boolean;
};

export type ItemResult = {
  readonly eventId: string | null;
  readonly status: 'accepted' | 'duplicate' | 'conflict' | 'rejected';
  readonly reason?: RejectReason;
  readonly path?: string;
  readonly note?: 'conflict_with_key';
  /** Of an answer that is stored, where it was asked for: its number among the learner's answers to the question, as known now. */
  readonly attempt?: AttemptNumber;
};

export type RecordOutcome = { readonly results: readonly ItemResult[]; readonly serverTime: string };

/** An item that passed its schema and the curriculum. */
export type AcceptableItem = {
  readonly position: number;
  readonly userId: string;
  readonly origin: Origin;
  readonly event: ParsedEvent;
  readonly topicId: string | null;
  readonly verdict: Verdict | null;
  readonly subject: Buffer;
  readonly hasStoredSession: boolean;
  readonly isNumbered: boolean;
};

const SKEW_MS = 5 * 60_000;
const MONTHS_KEPT = 23;

/**
 * Records a batch in one transaction and answers each item, in the order given. Idempotent: an id that is stored already is
 * `duplicate` (same content) or `conflict` (other content) and changes nothing. What is rejected is in quarantine when this
 * returns. Throws `unavailable` when the database does not answer; the call may then be repeated.
 */
export async function recordEvents(app: App, items: readonly RecordItem[]): Promise<RecordOutcome> {
  const outcome = await recordItems(app, items);
  // A transaction of its own: it locks learners whom the batch may not have locked, and order is what keeps two batches apart.
  await quarantineItems(app, items, outcome.results);
  return outcome;
}

/** `recordEvents` without quarantine. With `undo` the answers are those of a run that leaves nothing behind. */
export async function recordItems(
  app: App,
  items: readonly RecordItem[],
  { undo = false }: { readonly undo?: boolean } = {},
): Promise<RecordOutcome> {
  const refused = new Map<number, ItemResult>();
  const acceptable = await checkItems(app, items, refused);
  if (acceptable.length === 0) return outcomeOf(items, refused, app.clock.fixedAt ?? new Date());
  const recorded = await app.database.transaction((tx) => recordOrUndo(app, tx, { acceptable, undo }));
  return outcomeOf(items, new Map([...refused, ...(await recorded.results)]), recorded.now);
}

/** Parses and resolves items; fills in the results of those that are refused without asking the database. */
export async function checkItems(
  app: Pick<App, 'curriculum' | 'keys'>,
  items: readonly RecordItem[],
  results: Map<number, ItemResult>,
): Promise<readonly AcceptableItem[]> {
  let curriculum = await app.curriculum.current();
  let refreshed = false;
  const acceptable: AcceptableItem[] = [];
  const subjects = new Map<string, Buffer>(); // a batch has many items of few learners, and a subject costs a hash
  for (const [position, item] of items.entries()) {
    const userId = item.userId.toLowerCase();
    const parsed = parseEvent(item.input, item.names);
    if (!parsed.ok) {
      results.set(position, { eventId: parsed.eventId, status: 'rejected', reason: parsed.reason, path: parsed.path });
      continue;
    }
    let resolution = resolveEvent(parsed.event, curriculum);
    if (!resolution.ok && !refreshed && resolution.rejection.reason !== 'invalid') {
      refreshed = true; // once a batch: the id may be newer than the snapshot
      curriculum = await app.curriculum.refresh();
      resolution = resolveEvent(parsed.event, curriculum);
    }
    if (resolution.ok) {
      const subject = subjects.get(userId) ?? subjectOf(app.keys.subject, userId);
      subjects.set(userId, subject);
      acceptable.push({
        position,
        userId,
        origin: item.origin,
        event: parsed.event,
        topicId: resolution.topicId,
        verdict: resolution.verdict,
        subject,
        hasStoredSession: item.hasStoredSession === true,
        isNumbered: item.isNumbered === true,
      });
    } else results.set(position, { eventId: parsed.event.eventId, status: 'rejected', ...resolution.rejection });
  }
  return acceptable;
}

/** What came of a batch; `results` may arrive after the commit, which throws whatever it rejects with. */
export type Recorded = {
  /** The time that decided the window. */
  readonly now: Date;
  /** Whether anything was new. */
  readonly changed: boolean;
  /** By position. */
  readonly results: Promise<ReadonlyMap<number, ItemResult>>;
};

// Where nothing was stored (only repetitions, only items outside the window) not even a watermark moves.
async function recordOrUndo(
  app: App,
  tx: Tx,
  { acceptable, undo }: { readonly acceptable: readonly AcceptableItem[]; readonly undo: boolean },
): Promise<Recorded> {
  const recorded = await recordInTx(app, tx, acceptable);
  if (!recorded.changed || undo) throw new RollbackWith(recorded);
  return recorded;
}

/** Stores what is acceptable in the caller's transaction: three round trips, the last of which the commit shares. */
export async function recordInTx(app: App, tx: Tx, acceptable: readonly AcceptableItem[]): Promise<Recorded> {
  const { fixedAt } = app.clock;
  const learners = await lockLearners(tx, lockRequests(acceptable), fixedAt);
  const { inTime, refused, now } = await splitByWindow(tx, { acceptable, learners, fixedAt });
  if (inTime.length === 0) return { now, changed: false, results: Promise.resolve(refused) };
  const sessionIds = await sessionIdsOf(app, tx, inTime);
  const stored = await storeEvents(app, tx, { items: inTime, learners, sessionIds, now });
  await enqueue(app.jobs, tx, {
    job: updateLearnerJob,
    payloads: stored.changedLearners.map((userId) => ({ userId })),
  });
  const results = stored.results.then((ofStored) => new Map([...refused, ...ofStored]));
  results.catch(() => undefined); // the transaction throws it too
  return { now, changed: stored.changedLearners.length > 0, results };
}

function lockRequests(acceptable: readonly AcceptableItem[]): readonly LockRequest[] {
  const seen = new Set<string>();
  return acceptable.map(({ userId, event, subject, verdict }) => {
    const key = eventKey(userId, event.eventId);
    const isAnswer = verdict !== null && !seen.has(key);
    seen.add(key);
    return { userId, createdAt: new Date(event.occurredAtMs), subject, isAnswer };
  });
}

async function sessionIdsOf(app: App, tx: Tx, items: readonly AcceptableItem[]): Promise<ReadonlyMap<number, string>> {
  const stored = items.filter(({ hasStoredSession }) => hasStoredSession);
  if (stored.length === 0) return chooseSessionIds(app, tx, items);
  const others = items.filter(({ hasStoredSession }) => !hasStoredSession);
  const chosen = others.length === 0 ? [] : await chooseSessionIds(app, tx, others);
  return new Map([...chosen, ...stored.map(({ position, event }) => [position, event.sessionId] as const)]);
}

type WindowInput = {
  readonly acceptable: readonly AcceptableItem[];
  readonly learners: ReadonlyMap<string, LockedLearner>;
  readonly fixedAt: Date | null;
};

type Split = {
  readonly inTime: readonly AcceptableItem[];
  readonly refused: ReadonlyMap<number, ItemResult>;
  readonly now: Date;
};

async function splitByWindow(tx: Tx, { acceptable, learners, fixedAt }: WindowInput): Promise<Split> {
  const unlocked = acceptable.filter(({ userId }) => !learners.has(userId));
  const known = [...learners.values()][0]?.now;
  const { erased, now } =
    unlocked.length === 0 && known !== undefined
      ? { erased: new Set<string>(), now: known }
      : await findErasedSubjects(
          tx,
          unlocked.map(({ subject }) => subject),
          fixedAt,
        );
  const oldest = oldestAccepted(now);
  const refused = new Map<number, ItemResult>();
  const inTime = acceptable.filter(({ position, event, subject }) => {
    const reject = (reason: RejectReason, path: string): false => {
      refused.set(position, { eventId: event.eventId, status: 'rejected', reason, path });
      return false;
    };
    if (erased.has(subject.toString('hex'))) return reject('erased', 'userId');
    if (event.occurredAtMs > now.getTime() + SKEW_MS) return reject('clock_skew', 'eventId');
    return event.occurredAtMs >= oldest || reject('too_old', 'eventId');
  });
  return { inTime, refused, now };
}

/** Whether an event of that time would be taken now. */
export function isInWindow(occurredAtMs: number, now: Date): boolean {
  return occurredAtMs <= now.getTime() + SKEW_MS && occurredAtMs >= oldestAccepted(now);
}

/** The first instant of the oldest month kept: 23 months before the current one, in UTC. */
function oldestAccepted(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS_KEPT, 1);
}

function outcomeOf(
  items: readonly RecordItem[],
  results: ReadonlyMap<number, ItemResult>,
  serverTime: Date,
): RecordOutcome {
  return {
    results: items.map((_, position) => {
      const result = results.get(position);
      if (result === undefined) throw new Error(`item ${String(position)} was left without a result`);
      return result;
    }),
    serverTime: serverTime.toISOString(),
  };
}
