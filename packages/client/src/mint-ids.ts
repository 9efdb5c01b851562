import { newEventId } from './event-id.ts';
import type { WaitingAct } from './queue-storage.ts';

const LATEST_MS = 2 ** 48 - 1;

/**
 * Gives each act that has none an id, whose time is that of the capture, corrected by the offset of the device's clock.
 *
 * Nothing happens after now: what a clock since set back captured "later" gets the present. Acts of one millisecond get ids that
 * sort as they were captured.
 */
export function mintIds(
  acts: readonly WaitingAct[],
  { offsetMs, nowMs }: { readonly offsetMs: number; readonly nowMs: number },
): readonly WaitingAct[] {
  const timeOf = ({ capturedAtMs }: WaitingAct): number =>
    Math.min(Math.max(Math.min(capturedAtMs, nowMs) + offsetMs, 0), LATEST_MS);
  const ids = new Map<number, string[]>();
  for (const act of acts.filter(({ eventId }) => eventId === null)) {
    const atMs = timeOf(act);
    ids.set(atMs, [...(ids.get(atMs) ?? []), newEventId(atMs)]);
  }
  // as text: that is how they are compared everywhere
  for (const ofOneMs of ids.values()) ofOneMs.sort().reverse();
  return acts.map((act) => (act.eventId === null ? { ...act, eventId: ids.get(timeOf(act))?.pop() ?? null } : act));
}
