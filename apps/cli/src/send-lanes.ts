// Events on their way: several lanes at once, each in its order, so that a learner's events never overtake each other.
import { sendEvents } from '@studyin/client';
import type { Client, EventInput, EventResult } from '@studyin/client';

export type SendCounts = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  /** Reason → how many. */
  readonly rejected: ReadonlyMap<string, number>;
};

/** Parts of any length, made when they are sent. */
export type Lane = Iterable<readonly EventInput[]>;

export type SendLanesOptions = {
  readonly signal: AbortSignal;
  /** Told how many events have been answered in all. */
  readonly onProgress: (answered: number) => void;
};

/** Sends every lane to its end, all at the same time. Throws what repeating cannot mend. */
export async function sendLanes(
  client: Client,
  lanes: readonly Lane[],
  { signal, onProgress }: SendLanesOptions,
): Promise<SendCounts> {
  const rejected = new Map<string, number>();
  const counts = { accepted: 0, duplicate: 0, conflict: 0, rejected: 0 };
  const add = (results: readonly EventResult[]): void => {
    for (const { status, reason } of results) {
      counts[status] += 1;
      if (status === 'rejected') rejected.set(reason ?? 'unknown', (rejected.get(reason ?? 'unknown') ?? 0) + 1);
    }
  };
  const progress = { finished: 0, running: lanes.map(() => 0) };
  const tell = (lane: number, answered: number): void => {
    progress.running[lane] = answered;
    onProgress(progress.running.reduce((sum, n) => sum + n, progress.finished));
  };
  const sendLane = async (lane: Lane, number: number): Promise<void> => {
    for (const part of lane) {
      add(await sendEvents(client, part, { signal, onProgress: ({ answered }) => tell(number, answered) }));
      progress.finished += part.length;
      progress.running[number] = 0;
    }
  };
  await Promise.all(lanes.map(sendLane));
  return { accepted: counts.accepted, duplicates: counts.duplicate, conflicts: counts.conflict, rejected };
}

/** How many were not stored, now or before. */
export function countLost({ conflicts, rejected }: SendCounts): number {
  return [...rejected.values()].reduce((sum, n) => sum + n, conflicts);
}

/** `12 accepted, 3 there already`, and each reason of a refusal with its count. */
export function describeCounts({ accepted, duplicates, conflicts, rejected }: SendCounts): string {
  const parts = [
    `${accepted} accepted`,
    ...(duplicates > 0 ? [`${duplicates} there already`] : []),
    ...(conflicts > 0 ? [`${conflicts} in conflict`] : []),
    ...[...rejected].map(([reason, refused]) => `${refused} rejected as ${reason}`),
  ];
  return parts.join(', ');
}
