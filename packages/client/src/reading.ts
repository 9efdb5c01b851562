import { startBackgroundInterval } from './pause.ts';
import type { Tracked } from './capture-act.ts';

/** A material that is being read or watched: it tells the API every 30 seconds that it still is. */
export type Reading = {
  /** How far it was scrolled, in percent; the deepest counts. */
  readonly scrolledTo: (percent: number) => void;
  /** The page is hidden, or the learner does something else. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** The material is left. A second call changes nothing. */
  readonly end: () => Tracked;
};

export type ReadingBeat = { readonly durationSeconds: number; readonly scrollDepthPercent?: number };

export type ReadingOptions = {
  readonly track: (beat: ReadingBeat) => Tracked;
  /** Default 30,000. */
  readonly beatMs?: number;
  /** A clock that is not set; default `performance.now`. */
  readonly now?: () => number;
};

/** A beat that comes later than this is no reading: the device slept. In beats. */
const LATEST_BEATS = 2;

export function startReading({ track, beatMs = 30_000, now = () => performance.now() }: ReadingOptions): Reading {
  let sinceMs: number | null = now();
  let depth: number | null = null;
  let ended: Tracked | null = null;

  const beat = (): Tracked => {
    const elapsedMs = sinceMs === null ? 0 : Math.min(now() - sinceMs, LATEST_BEATS * beatMs);
    if (sinceMs !== null) sinceMs = now();
    const durationSeconds = Math.round(elapsedMs) / 1000;
    return track(depth === null ? { durationSeconds } : { durationSeconds, scrollDepthPercent: depth });
  };
  const stop = startBackgroundInterval(() => {
    if (sinceMs !== null) beat();
  }, beatMs);

  return {
    scrolledTo: (percent) => {
      if (percent >= 0) depth = Math.min(100, Math.max(depth ?? 0, percent));
    },
    // with a beat, for a hidden page may never be shown again
    pause: () => {
      if (ended !== null || sinceMs === null) return;
      beat();
      sinceMs = null;
    },
    resume: () => {
      if (ended === null) sinceMs ??= now();
    },
    end: () => {
      stop();
      return (ended ??= beat());
    },
  };
}
