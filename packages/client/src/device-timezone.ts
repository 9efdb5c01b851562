/** A learner who travels keeps the page open; a new look takes a millisecond on a slow device. */
const LOOK_EVERY_MS = 60_000;

/** The IANA zone of the device; null where it does not know. */
export function createDeviceTimezone(): () => string | null {
  let known: { readonly zone: string | null; readonly atMs: number } | null = null;
  return () => {
    const nowMs = performance.now();
    if (known === null || nowMs - known.atMs > LOOK_EVERY_MS) known = { zone: findTimezone(), atMs: nowMs };
    return known.zone;
  };
}

function findTimezone(): string | null {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  // some browsers that do not know name a zone that nobody knows
  return timeZone && timeZone !== 'Etc/Unknown' ? timeZone : null;
}
