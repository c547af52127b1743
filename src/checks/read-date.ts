import { splitDateFormat } from '../definition/date-format';
import { canonicalFraction, isRealDate, twoDigits } from './calendar';
import { compileStrptime } from './strptime';
import { epochReader } from './utc';
import { CODE, type TypeReader } from './value-reader';

export const CANONICAL_DATE_FORMAT = '%Y-%m-%d';
export const CANONICAL_TIMESTAMP_FORMAT = '%Y-%m-%d %H:%M:%S%.f';
const ISO_TIMESTAMP = /^%Y-%m-%d[T ]%H:%M:%S%\.f$/;
const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;
const COLON = 58;

export const describeDate = (format: string): string => `a date that exists, written as ${format}`;
export function describeTimestamp(format: string): string {
  const parts = splitDateFormat(format);
  if (parts.includes('%s'))
    return `seconds since 1970 in UTC, written as ${format}, with at most 6 places of a second`;
  const zone = parts.includes('%z') ? 'with its offset from UTC (such as +01:00 or Z)' : 'without zone';
  return `a date and time that exist, written as ${format}, ${zone} and with at most 6 places of a second`;
}

function startsWithIsoDate(text: string): boolean {
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  if (century < 0 || year < 0 || text.charCodeAt(4) !== CODE.minus || text.charCodeAt(7) !== CODE.minus)
    return false;
  return isRealDate(century * 100 + year, twoDigits(text, 5), twoDigits(text, 8));
}

/** The canonical form is `YYYY-MM-DD`. */
export function dateReader(format: string): TypeReader {
  if (format === CANONICAL_DATE_FORMAT) {
    return (text) => (text.length === DATE_LENGTH && startsWithIsoDate(text) ? text : undefined);
  }
  const read = compileStrptime(format);
  return (text) => read(text)?.slice(0, DATE_LENGTH);
}

/** The canonical form is `YYYY-MM-DD HH:MM:SS.ffffff`, as Athena reads it. */
export function timestampReader(format: string): TypeReader {
  if (splitDateFormat(format).includes('%s')) return epochReader(format);
  if (!ISO_TIMESTAMP.test(format)) return compileStrptime(format);
  const between = format.charAt(CANONICAL_DATE_FORMAT.length);
  return (text) => {
    if (text.length < SECONDS_LENGTH || text.charAt(DATE_LENGTH) !== between || !startsWithIsoDate(text))
      return undefined;
    if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
    const hour = twoDigits(text, 11);
    const minute = twoDigits(text, 14);
    const second = twoDigits(text, 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
    const fraction = canonicalFraction(text, SECONDS_LENGTH);
    return fraction === undefined
      ? undefined
      : `${text.slice(0, DATE_LENGTH)} ${text.slice(DATE_LENGTH + 1, SECONDS_LENGTH)}${fraction}`;
  };
}
