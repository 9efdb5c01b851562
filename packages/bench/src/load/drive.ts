// Sends prepared calls over open connections and takes the time of each.
import { quantile } from '../measure/paired-ratios.ts';
import type { Answer, Connection } from './connection.ts';
import type { LoadOrder, LoadResult } from './load-order.ts';
import type { PreparedCall } from './prepare-calls.ts';

type Pace = Pick<LoadOrder, 'seconds' | 'callsPerSecond'>;

type Tally = {
  calls: number;
  attempts: number;
  faults: number;
  firstFault: string | null;
  readonly elapsedMs: number[];
  lastAnswerMs: number;
};

/** Resolves when every call that was sent has its answer. */
export async function drive(
  connections: readonly Connection[],
  calls: readonly PreparedCall[],
  pace: Pace,
): Promise<LoadResult> {
  const tally: Tally = { calls: 0, attempts: 0, faults: 0, firstFault: null, elapsedMs: [], lastAnswerMs: 0 };
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const { seconds, callsPerSecond } = pace;
  if (callsPerSecond === null) {
    await sendAsAnswered(connections, calls, { tally, endsMs: startedMs + seconds * 1000 });
  } else {
    const due = calls.slice(0, Math.round(seconds * callsPerSecond));
    await sendOnTime(connections, due, { tally, startedMs, pauseMs: 1000 / callsPerSecond });
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    seconds: (tally.lastAnswerMs - startedMs) / 1000,
    calls: tally.calls,
    attempts: tally.attempts,
    faults: tally.faults,
    firstFault: tally.firstFault,
    p50Ms: quantile(tally.elapsedMs, 0.5),
    p95Ms: quantile(tally.elapsedMs, 0.95),
    p99Ms: quantile(tally.elapsedMs, 0.99),
    cpuSeconds: (user + system) / 1_000_000,
  };
}

/** Each connection sends its next call when it has the answer of the one before. */
async function sendAsAnswered(
  connections: readonly Connection[],
  calls: readonly PreparedCall[],
  { tally, endsMs }: { readonly tally: Tally; readonly endsMs: number },
): Promise<void> {
  const left = calls.values();
  const lane = (connection: Connection): Promise<void> =>
    new Promise((done) => {
      const sendNext = (): void => {
        const sentMs = performance.now();
        const next = sentMs < endsMs ? left.next() : null;
        if (next === null || next.done === true) return done();
        connection.send(next.value.request, (answer) => {
          note(tally, { call: next.value, answer, sinceMs: sentMs });
          if (answer === null) done();
          else sendNext();
        });
      };
      sendNext();
    });
  await Promise.all(connections.map(lane));
}

type Schedule = { readonly tally: Tally; readonly startedMs: number; readonly pauseMs: number };

/**
 * Each call is due at its time, whatever became of those before, and its time runs from then: a server that stalls is charged
 * for every call that it keeps waiting.
 */
function sendOnTime(
  connections: readonly Connection[],
  calls: readonly PreparedCall[],
  { tally, startedMs, pauseMs }: Schedule,
): Promise<void> {
  const free = [...connections];
  let sent = 0;
  return new Promise((done) => {
    const sendDue = (): void => {
      while (sent < calls.length && startedMs + sent * pauseMs <= performance.now()) {
        const connection = free.shift(); // all in turn: a server cuts one that it never heard of
        const call = calls[sent];
        if (connection === undefined || call === undefined) return;
        const dueMs = startedMs + sent * pauseMs;
        sent += 1;
        connection.send(call.request, (answer) => {
          note(tally, { call, answer, sinceMs: dueMs });
          if (answer !== null) free.push(connection);
          if (tally.calls === calls.length || (answer === null && free.length === 0)) end();
          else sendDue();
        });
      }
    };
    const timer = setInterval(sendDue, 1);
    const end = (): void => {
      clearInterval(timer);
      done();
    };
    if (calls.length === 0) end();
  });
}

type Answered = { readonly call: PreparedCall; readonly answer: Answer | null; readonly sinceMs: number };

function note(tally: Tally, { call, answer, sinceMs }: Answered): void {
  const nowMs = performance.now();
  tally.calls += 1;
  tally.lastAnswerMs = nowMs;
  tally.elapsedMs.push(nowMs - sinceMs);
  if (answer?.status === 200 && isAsItMust(answer.body, call)) {
    tally.attempts += call.attempts ?? 0;
    return;
  }
  tally.faults += 1;
  tally.firstFault ??= answer === null ? 'the connection was lost' : `${answer.status} ${answer.body.slice(0, 300)}`;
}

function isAsItMust(body: string, { attempts }: PreparedCall): boolean {
  return attempts === null ? body.startsWith('{"result":') : countStored(body) === attempts;
}

const STORED = /"status":"(?:accepted|duplicate)"/g;

function countStored(body: string): number {
  return body.match(STORED)?.length ?? 0;
}
