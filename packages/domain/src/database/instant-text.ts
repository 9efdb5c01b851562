declare const inUtc: unique symbol;

/** An instant as PostgreSQL writes it, such as `2026-03-17 08:30:00.25+00`: what `::text` makes of a timestamptz. As texts these sort by time. */
export type InstantText = string & { readonly [inUtc]: true };

const WHOLE_SECONDS = 'YYYY-MM-DD HH:MM:SS'.length;
const WITH_MILLIS = 'YYYY-MM-DD HH:MM:SS.mmm'.length;

/**
 * The instant as `toISOString` writes it, digits behind the milliseconds cut off. By way of a Date it takes ten times as long, and a page has
 * some hundred, most of them of whole milliseconds. Throws RangeError for another zone than UTC.
 */
export function isoOfText(text: InstantText): string;
export function isoOfText(text: InstantText | null): string | null;
export function isoOfText(text: InstantText | null): string | null {
  if (text === null) return null;
  if (!text.endsWith('+00')) throw new RangeError(`'${text}' is no instant in UTC`);
  if (text.length >= WITH_MILLIS + '+00'.length) return `${text.slice(0, 10)}T${text.slice(11, WITH_MILLIS)}Z`;
  const millis = text
    .slice(WHOLE_SECONDS + 1, -3)
    .slice(0, 3)
    .padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, WHOLE_SECONDS)}.${millis}Z`;
}
