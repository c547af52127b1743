import { splitDateFormat } from '../../definition/date-format';
import { isRealDate } from '../calendar';
import { CODE, isDigit } from '../value-reader';
import { ASK, CANONICAL, OTHER_FORM, type ByteType } from './byte-verdict';

const WIDTHS: Readonly<Record<string, number>> = { '%Y': 4, '%m': 2, '%d': 2, '%H': 2, '%M': 2, '%S': 2 };
const FRACTION = '%.f';
const PLACES = 6;
const COLON = 58;
const SPACE = 32;

export interface FixedForm {
  /** Bytes ahead of the fraction. */
  length: number;
  /** Where each number begins; -1 where the format does not have it. */
  at: { year: number; month: number; day: number; hour: number; minute: number; second: number };
  literals: readonly (readonly [at: number, code: number])[];
  hasFraction: boolean;
  /** Of a text that is in canonical form as it stands; -1 where none is. */
  canonicalLength: number;
}

/** Undefined unless every number has a fixed width, as in `%d/%m/%Y`. */
export function fixedFormOf(kind: 'date' | 'timestamp', format: string): FixedForm | undefined {
  const parts = splitDateFormat(format);
  const hasFraction = parts.at(-1) === FRACTION;
  if (hasFraction) parts.pop();
  const places = new Map<string, number>();
  const literals: [number, number][] = [];
  let length = 0;
  for (const part of parts) {
    const width = WIDTHS[part];
    if (width !== undefined) {
      places.set(part, length);
      length += width;
    } else {
      if (part.startsWith('%') || /[^\x20-\x7e]/.test(part)) return undefined;
      for (const character of part) literals.push([length++, character.charCodeAt(0)]);
    }
  }
  const at = {
    year: places.get('%Y') ?? -1,
    month: places.get('%m') ?? -1,
    day: places.get('%d') ?? -1,
    hour: places.get('%H') ?? -1,
    minute: places.get('%M') ?? -1,
    second: places.get('%S') ?? -1,
  };
  if (at.year < 0 || at.month < 0 || at.day < 0) return undefined;
  const isCanonical =
    kind === 'date' ? format === '%Y-%m-%d' : hasFraction && format.startsWith('%Y-%m-%d %H:%M:%S');
  const whole = kind === 'date' ? length : length + 1 + PLACES;
  return { length, at, literals, hasFraction, canonicalLength: isCanonical ? whole : -1 };
}

/** The number that two digits are, or -1. */
function two(bytes: Buffer, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return isDigit(tens) && isDigit(ones) ? (tens - CODE.zero) * 10 + ones - CODE.zero : -1;
}

/** Whether a number that is not in the format, or is at most `most`, stands there. */
const isUpTo = (most: number, bytes: Buffer, start: number, at: number): boolean => {
  if (at < 0) return true;
  const value = two(bytes, start + at);
  return value >= 0 && value <= most;
};

function isFraction(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== CODE.dot || end - start < 2 || end - start > PLACES + 1) return false;
  for (let at = start + 1; at < end; at += 1) if (!isDigit(bytes[at] as number)) return false;
  return true;
}

function copyDigits(bytes: Buffer, from: number, count: number, into: Buffer, at: number): number {
  for (let place = 0; place < count; place += 1)
    into[at + place] = from < 0 ? CODE.zero : (bytes[from + place] as number);
  return at + count;
}

/** Dates and timestamps whose numbers have all their digits; others are for the exact reader. */
export function readerOfDates(kind: 'date' | 'timestamp', format: string): ByteType | undefined {
  const form = fixedFormOf(kind, format);
  if (!form) return undefined;
  const { length, at, literals, hasFraction, canonicalLength } = form;
  const placeOf = (start: number, place: number): number => (place < 0 ? -1 : start + place);

  return {
    read(bytes, start, end) {
      if (end - start !== length && !(hasFraction && isFraction(bytes, start + length, end))) return ASK;
      for (const [place, code] of literals) if (bytes[start + place] !== code) return ASK;
      const century = two(bytes, start + at.year);
      const year = two(bytes, start + at.year + 2);
      if (century < 0 || year < 0) return ASK;
      if (!isRealDate(century * 100 + year, two(bytes, start + at.month), two(bytes, start + at.day)))
        return ASK;
      if (!isUpTo(23, bytes, start, at.hour)) return ASK;
      if (!isUpTo(59, bytes, start, at.minute) || !isUpTo(59, bytes, start, at.second)) return ASK;
      return end - start === canonicalLength ? CANONICAL : OTHER_FORM;
    },
    write(bytes, start, end, into, from) {
      let to = copyDigits(bytes, start + at.year, 4, into, from);
      into[to++] = CODE.minus;
      to = copyDigits(bytes, start + at.month, 2, into, to);
      into[to++] = CODE.minus;
      to = copyDigits(bytes, start + at.day, 2, into, to);
      if (kind === 'date') return to;
      into[to++] = SPACE;
      to = copyDigits(bytes, placeOf(start, at.hour), 2, into, to);
      into[to++] = COLON;
      to = copyDigits(bytes, placeOf(start, at.minute), 2, into, to);
      into[to++] = COLON;
      to = copyDigits(bytes, placeOf(start, at.second), 2, into, to);
      into[to++] = CODE.dot;
      const places = Math.max(0, end - start - length - 1);
      to = copyDigits(bytes, start + length + 1, places, into, to);
      return copyDigits(bytes, -1, PLACES - places, into, to);
    },
    mostWritten: 32,
  };
}
