import { splitDateFormat } from '../definition/date-format';
import { canonicalFraction, isRealDate, toMonthAndDay } from './calendar';
import { toUtc } from './utc';
import type { TypeReader } from './value-reader';

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const SHORT_MONTHS = MONTHS.map((name) => name.slice(0, 3));

const anyCase = (word: string): string =>
  Array.from(word, (letter) => `[${letter}${letter.toUpperCase()}]`).join('');

/** Width of the numbers that may be written without leading zeros. */
const WIDTHS: Readonly<Record<string, number>> = {
  '%m': 2,
  '%d': 2,
  '%j': 3,
  '%H': 2,
  '%I': 2,
  '%M': 2,
  '%S': 2,
};
const PATTERNS: Readonly<Record<string, string>> = {
  '%Y': '([0-9]{4})',
  '%y': '([0-9]{2})',
  '%e': '( [0-9]|[0-9]{1,2})',
  '%b': `(${SHORT_MONTHS.map(anyCase).join('|')})`,
  '%B': `(${MONTHS.map(anyCase).join('|')})`,
  '%p': '([AaPp][Mm])',
  '%f': '([0-9]+)',
  '%.f': '(\\.[0-9]+)?',
  '%z': '(Z|[+-][0-9]{2}:?[0-9]{2})',
};

const isNumber = (part: string | undefined): boolean => part !== undefined && /^%[YymdejHIMSf]$/.test(part);

function toPattern(parts: readonly string[], index: number, fixedWidth: boolean): string {
  const part = parts[index] ?? '';
  const width = WIDTHS[part];
  if (width !== undefined) {
    const alone = !isNumber(parts[index - 1]) && !isNumber(parts[index + 1]);
    return fixedWidth || !alone ? `([0-9]{${width}})` : `([0-9]{1,${width}})`;
  }
  return PATTERNS[part] ?? (part === '%%' ? '%' : part.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&'));
}

/** From `3`, `Mar` or `March`. */
const toMonth = (text: string): number =>
  SHORT_MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1 || Number(text);

/** @returns 24, which no day has, when a clock of twelve hours does not go there */
function toHour(hour: number, half: string | undefined): number {
  if (half !== 'am' && half !== 'pm') return hour;
  return hour < 1 || hour > 12 ? 24 : (hour % 12) + (half === 'pm' ? 12 : 0);
}

const toFraction = (text: string): string => (text === '' || text.startsWith('.') ? text : `.${text}`);

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** POSIX: 69 to 99 are of the last century, 00 to 68 of this one. */
const toFullYear = (year: number): number => (year >= 69 ? 1900 : 2000) + year;

/**
 * Reads a date, and the time if the format has one, by Python's meaning of a strptime format; the whole text must
 * match. The canonical form is that of a timestamp; where the format has an offset (`%z`), in UTC.
 *
 * A number may lack its leading zeros (`1/8/90`) where text that is no number stands on both sides of it, but not in
 * formats that begin as ISO 8601 does. Names of months are English, in any case.
 */
export function compileStrptime(format: string): TypeReader {
  const parts = splitDateFormat(format);
  const fixedWidth = format.startsWith('%Y-%m-%d');
  const pattern = new RegExp(`^${parts.map((_, index) => toPattern(parts, index, fixedWidth)).join('')}$`);
  const groups = parts.filter((part) => part.startsWith('%') && part !== '%%');
  const group = (...directives: string[]): number =>
    groups.findIndex((each) => directives.includes(each)) + 1;
  const places = {
    year: group('%Y', '%y'),
    month: group('%m', '%b', '%B'),
    day: group('%d', '%e'),
    dayOfYear: group('%j'),
    hour: group('%H', '%I'),
    half: group('%p'),
    minute: group('%M'),
    second: group('%S'),
    fraction: group('%f', '%.f'),
    zone: group('%z'),
  };
  return (text) => {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const number = (place: number): number => (place === 0 ? 0 : Number(match[place]));
    const year = groups.includes('%y') ? toFullYear(number(places.year)) : number(places.year);
    const date =
      places.dayOfYear === 0
        ? ([toMonth(match[places.month] ?? ''), number(places.day)] as const)
        : toMonthAndDay(year, number(places.dayOfYear));
    const hour = toHour(number(places.hour), match[places.half]?.toLowerCase());
    const minute = number(places.minute);
    const second = number(places.second);
    const fraction = canonicalFraction(
      toFraction(places.fraction === 0 ? '' : (match[places.fraction] ?? '')),
      0,
    );
    if (!date || !isRealDate(year, ...date)) return undefined;
    if (hour > 23 || minute > 59 || second > 59 || fraction === undefined) return undefined;
    const [month, day] = date;
    const written = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction}`;
    return places.zone === 0 ? written : toUtc(written, match[places.zone] ?? '');
  };
}
