// The instant of a wall clock's time in a zone.

export type ZonedClock = (studyDay: string, minuteOfDay: number, timezone: string) => number;

/** Keeps its formatters. An hour that a change of clocks skips or repeats becomes one of its neighbours. */
export function createZonedClock(): ZonedClock {
  const formats = new Map<string, Intl.DateTimeFormat>();
  const formatOf = (timezone: string): Intl.DateTimeFormat => {
    const known = formats.get(timezone);
    if (known !== undefined) return known;
    const made = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset', hourCycle: 'h23' });
    formats.set(timezone, made);
    return made;
  };
  const offsetMsAt = (atMs: number, timezone: string): number => {
    const name =
      formatOf(timezone)
        .formatToParts(atMs)
        .find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  return (studyDay, minuteOfDay, timezone) => {
    const wall = Date.parse(`${studyDay}T00:00:00Z`) + minuteOfDay * 60_000;
    return wall - offsetMsAt(wall - offsetMsAt(wall, timezone), timezone);
  };
}
