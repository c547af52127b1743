import type { ColumnType } from '../../definition/column-type';
import type { IntegerName } from '../read-integer';
import { isDigit, CODE } from '../value-reader';
import { readerOfDates } from './byte-date';
import { isOneOf } from './byte-rule';
import { ASK, CANONICAL, OTHER_FORM, type ByteType } from './byte-verdict';

export const onlyCanonical = (read: ByteType['read']): ByteType => ({
  read,
  write: () => {
    throw new Error('It has no other form.');
  },
  mostWritten: 0,
});

/** Of the largest. */
export const INTEGER_DIGITS: Record<IntegerName, number> = { int8: 3, int16: 5, int32: 10, int64: 19 };

/** Integers with as many digits as the largest are for the exact reader. */
function readerOfIntegers(name: IntegerName): ByteType {
  const digits = INTEGER_DIGITS[name];
  return onlyCanonical((bytes, start, end) => {
    const negative = bytes[start] === CODE.minus;
    const first = negative ? start + 1 : start;
    const length = end - first;
    if (length === 0 || length >= digits) return ASK;
    if (bytes[first] === CODE.zero) return length === 1 && !negative ? CANONICAL : ASK;
    for (let at = first; at < end; at += 1) if (!isDigit(bytes[at] as number)) return ASK;
    return CANONICAL;
  });
}

function readerOfDecimals(precision: number, scale: number): ByteType {
  const largestWhole = precision - scale;
  return {
    read(bytes, start, end) {
      const negative = bytes[start] === CODE.minus;
      const first = negative ? start + 1 : start;
      let nonZero = false;
      let at = first;
      for (; at < end && isDigit(bytes[at] as number); at += 1) nonZero ||= bytes[at] !== CODE.zero;
      const whole = at - first;
      const leadingZero = bytes[first] === CODE.zero;
      if (whole === 0 || (leadingZero ? whole > 1 : whole > largestWhole)) return ASK;
      let places = 0;
      if (at < end) {
        if (bytes[at] !== CODE.dot) return ASK;
        for (at += 1; at < end; at += 1) {
          if (!isDigit(bytes[at] as number)) return ASK;
          nonZero ||= bytes[at] !== CODE.zero;
          places += 1;
        }
        if (places === 0 || places > scale) return ASK;
      }
      if (negative && !nonZero) return ASK;
      return places === scale ? CANONICAL : OTHER_FORM;
    },
    write(bytes, start, end, into, at) {
      let to = at + bytes.copy(into, at, start, end);
      const point = bytes.subarray(start, end).indexOf(CODE.dot);
      if (point === -1) into[to++] = CODE.dot;
      for (let places = point === -1 ? 0 : end - start - point - 1; places < scale; places += 1)
        into[to++] = CODE.zero;
      return to;
    },
    mostWritten: precision + 3,
  };
}

const FLOAT_DIGITS = 15;
/** JavaScript writes what has more as `1e-7`. */
const LEADING_ZEROS = 5;

/** Doubles of few digits are the shortest text of themselves, unless zeros stand at an end. */
const DOUBLES = onlyCanonical((bytes, start, end) => {
  const negative = bytes[start] === CODE.minus;
  const first = negative ? start + 1 : start;
  let at = first;
  while (at < end && isDigit(bytes[at] as number)) at += 1;
  const whole = at - first;
  const leadingZero = bytes[first] === CODE.zero;
  if (whole === 0 || (leadingZero && whole > 1) || end - first > FLOAT_DIGITS) return ASK;
  if (at === end) return leadingZero && negative ? ASK : CANONICAL;
  if (bytes[at] !== CODE.dot || bytes[end - 1] === CODE.zero || at + 1 === end) return ASK;
  let zeros = 0;
  let significant = false;
  for (at += 1; at < end; at += 1) {
    const code = bytes[at] as number;
    if (!isDigit(code)) return ASK;
    if (code !== CODE.zero) significant = true;
    else if (!significant) zeros += 1;
  }
  return leadingZero && zeros > LEADING_ZEROS ? ASK : CANONICAL;
});

const TEXTS = onlyCanonical(() => CANONICAL);

function readerOfBooleans(trueTexts: readonly string[], falseTexts: readonly string[]): ByteType | undefined {
  // Where the words are others, the exact reader has them all.
  if (!trueTexts.includes('true') || !falseTexts.includes('false')) return undefined;
  const isWord = isOneOf(['true', 'false']);
  return onlyCanonical((bytes, start, end) => (isWord(bytes, start, end) ? CANONICAL : ASK));
}

/** @returns undefined for types whose values always take the exact reader */
export function readerOfType(type: ColumnType): ByteType | undefined {
  switch (type.name) {
    case 'string':
      return TEXTS;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return readerOfIntegers(type.name);
    case 'decimal':
      return readerOfDecimals(type.precision, type.scale);
    case 'float64':
      return DOUBLES;
    case 'boolean':
      return readerOfBooleans(type.trueTexts, type.falseTexts);
    case 'date':
    case 'timestamp':
      return readerOfDates(type.name, type.format);
    default:
      return undefined;
  }
}
