// A study day is a wall-clock date 'YYYY-MM-DD'. Arithmetic on days is done in UTC, where every day has 24 hours.

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const QUARTER_HOUR_MS = MS_PER_HOUR / 4;
/** Liberia was the last to change its clocks by seconds, in 1972. */
const WHOLE_MINUTES_SINCE_MS = 94_694_400_000;
const EASTERNMOST_OFFSET_HOURS = 14;
const WESTERNMOST_OFFSET_HOURS = 12;
const LATEST_ROLLOVER_HOUR = 23;
const CODE_OF_ZERO = 48;
/** From the first of March of the year 0. */
const DAYS_TO_EPOCH = 719_468;
// Zone names compare without case, so a caller can send more spellings than there are zones.
const MAX_CACHED_ZONES = 600;

export type StudyDayCalculator = (atMs: number, timezone: string, rolloverHour: number) => string;

/** A zone, and what was last asked about it: one call asks about the same minute several times, and each time costs 2 µs. */
type KnownZone = { readonly formatter: Intl.DateTimeFormat; minute: number; wall: DayAndHour };
type DayAndHour = { readonly day: string; readonly hour: number };

/**
 * Makes a function that gives the study day of an instant: the wall-clock date in the IANA zone, or the day before
 * while the wall-clock hour is below `rolloverHour` (0–23). The calculator keeps its zone formatters, so make it once.
 * It throws RangeError on an unknown zone (a bare offset such as '+02:00' is not a zone), hour or time.
 */
export function createStudyDayCalculator(): StudyDayCalculator {
  const zones = new Map<string, KnownZone>();
  const zoneOf = (timezone: string): KnownZone => {
    const known = zones.get(timezone);
    if (known !== undefined) return known;
    const made = { formatter: newFormatter(timezone), minute: Number.NaN, wall: { day: '', hour: 0 } };
    if (zones.size >= MAX_CACHED_ZONES) zones.clear();
    zones.set(timezone, made);
    return made;
  };
  const wallAt = (zone: KnownZone, atMs: number): DayAndHour => {
    const minute = Math.floor(atMs / MS_PER_MINUTE);
    if (minute === zone.minute && atMs >= WHOLE_MINUTES_SINCE_MS) return zone.wall;
    zone.wall = wallClock(zone.formatter, atMs);
    zone.minute = minute;
    return zone.wall;
  };
  return (atMs, timezone, rolloverHour) => {
    if (!Number.isInteger(rolloverHour) || rolloverHour < 0 || rolloverHour > LATEST_ROLLOVER_HOUR) {
      throw new RangeError(`rollover hour ${rolloverHour} is not a whole hour from 0 to ${LATEST_ROLLOVER_HOUR}`);
    }
    if (timezone === 'UTC') return utcDayOf(atMs - rolloverHour * MS_PER_HOUR);
    const wall = wallAt(zoneOf(timezone), atMs);
    return wall.hour < rolloverHour ? addDays(wall.day, -1) : wall.day;
  };
}

/** Where the clocks of a zone stand. */
export type WallClock = {
  /** 0 to 23. */
  readonly hour: number;
  /** 1 is Monday, 7 Sunday. */
  readonly weekday: number;
};

export type WallClockReader = (atMs: number, timezone: string) => WallClock;

/**
 * Makes a function that reads the wall clock of a zone. It remembers each quarter of an hour that it was asked about and in which
 * the clocks were not changed (at Casey station that was done a minute past the hour). Make it for one computation. Throws RangeError
 * on an unknown zone.
 */
export function createWallClockReader(): WallClockReader {
  const zones = new Map<string, { readonly formatter: Intl.DateTimeFormat; readonly read: Map<number, WallClock> }>();
  return (atMs, timezone) => {
    const known = zones.get(timezone);
    const zone = known ?? { formatter: newFormatter(timezone), read: new Map<number, WallClock>() };
    if (known === undefined) zones.set(timezone, zone);
    const quarter = Math.floor(atMs / QUARTER_HOUR_MS);
    const read = zone.read.get(quarter);
    if (read !== undefined) return read;
    const first = wallClock(zone.formatter, quarter * QUARTER_HOUR_MS);
    const last = wallClock(zone.formatter, (quarter + 1) * QUARTER_HOUR_MS - 1);
    if (first.hour !== last.hour || first.day !== last.day) return clockOf(wallClock(zone.formatter, atMs));
    const clock = clockOf(first);
    zone.read.set(quarter, clock);
    return clock;
  };
}

function clockOf({ day, hour }: DayAndHour): WallClock {
  return { hour, weekday: weekdayOf(day) };
}

/** The day of the week of a study day: 1 is Monday, 7 Sunday. */
function weekdayOf(day: string): number {
  return new Date(startOfDayMs(day)).getUTCDay() || 7;
}

/** Whether the text names an IANA zone that the calculator accepts; bare offsets ('+02:00') are refused. */
export function isTimezone(text: string): boolean {
  try {
    newFormatter(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the text is a date of the calendar, written 'YYYY-MM-DD', from year 0001 on. */
export function isStudyDay(text: string): boolean {
  return parseDay(text) !== null;
}

/** The day `n` days after `day` (before it, if `n` is negative). Throws RangeError when `day` is not a study day. */
export function addDays(day: string, n: number): string {
  return utcDayOf(startOfDayMs(day) + n * MS_PER_DAY);
}

/** Days from `from` to `to`, negative when `to` is earlier. Throws RangeError when one is not a study day. */
export function daysBetween(from: string, to: string): number {
  return (startOfDayMs(to) - startOfDayMs(from)) / MS_PER_DAY;
}

/** The UTC date of an instant. Throws RangeError when the instant is out of the calendar's range. */
export function utcDayOf(atMs: number): string {
  const date = new Date(atMs);
  const year = date.getUTCFullYear();
  // Years that are not of four digits, and what is no time at all.
  if (!(year > 999 && year < 10_000)) return date.toISOString().slice(0, 10);
  // A fold asks once for each answer: this takes a third of the time of `toISOString`.
  const month = date.getUTCMonth() + 1;
  const day = date.getUTCDate();
  return `${year}${month < 10 ? '-0' : '-'}${month}${day < 10 ? '-0' : '-'}${day}`;
}

/**
 * The UTC range [fromMs, toMs) outside which no zone from −12 to +14 hours and no rollover hour can give this study
 * day: what a query on event time may be bounded by. Throws RangeError when `day` is not a study day.
 */
export function utcRangeOfStudyDay(day: string): { readonly fromMs: number; readonly toMs: number } {
  const startMs = startOfDayMs(day);
  return {
    fromMs: startMs - EASTERNMOST_OFFSET_HOURS * MS_PER_HOUR,
    toMs: startMs + MS_PER_DAY + (LATEST_ROLLOVER_HOUR + WESTERNMOST_OFFSET_HOURS) * MS_PER_HOUR,
  };
}

function newFormatter(timezone: string): Intl.DateTimeFormat {
  // Intl takes offsets up to ±23:59, beyond the range that utcRangeOfStudyDay promises.
  if (/^[+\-−]/.test(timezone)) throw new RangeError(`'${timezone}' is an offset, not a time zone`);
  return new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
}

function wallClock(formatter: Intl.DateTimeFormat, atMs: number): DayAndHour {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatter.formatToParts(atMs)) parts[type] = value;
  const { year = '', month = '', day = '', hour = '' } = parts;
  return { day: `${year.padStart(4, '0')}-${month}-${day}`, hour: Number(hour) };
}

function startOfDayMs(day: string): number {
  const ms = parseDay(day);
  if (ms === null) throw new RangeError(`'${day}' is not a study day 'YYYY-MM-DD'`);
  return ms;
}

function parseDay(text: string): number | null {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return null;
  const year = digitsAt(text, 0) * 100 + digitsAt(text, 2);
  const month = digitsAt(text, 5);
  const day = digitsAt(text, 8);
  if (!(year > 0 && month > 0 && month < 13 && day > 0 && day <= lengthOfMonth(year, month))) return null;
  return daysSinceEpoch(year, month, day) * MS_PER_DAY;
}

/** The number that two digits write; NaN where they are none. */
function digitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - CODE_OF_ZERO;
  const ones = text.charCodeAt(at + 1) - CODE_OF_ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// A year that begins with March ends with the day that not all years have. (`Date.UTC` takes the year 50 for 1950.)
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const ofMonths = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * marchYear + leapDays + ofMonths + day - 1 - DAYS_TO_EPOCH;
}
