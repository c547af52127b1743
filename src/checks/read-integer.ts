import { CODE, isDigit, type TypeReader } from './value-reader';

export type IntegerName = 'int8' | 'int16' | 'int32' | 'int64';

const LARGEST: Record<IntegerName, string> = {
  int8: '127',
  int16: '32767',
  int32: '2147483647',
  int64: '9223372036854775807',
};
const SMALLEST: Record<IntegerName, string> = {
  int8: '128',
  int16: '32768',
  int32: '2147483648',
  int64: '9223372036854775808',
};

export const describeInteger = (name: IntegerName): string =>
  `a whole number from -${SMALLEST[name]} to ${LARGEST[name]}, without leading zeros`;

/**
 * Takes `-?(0|[1-9][0-9]*)` and nothing else: `007`, `+7`, `7.0` and ` 7` may be codes, or another type, so they are
 * refused rather than guessed at. The range is compared by digits, since a float rounds beyond 2^53.
 */
export function integerReader(name: IntegerName): TypeReader {
  const largest = LARGEST[name];
  const smallest = SMALLEST[name];
  return (text) => {
    const negative = text.charCodeAt(0) === CODE.minus;
    const start = negative ? 1 : 0;
    const digits = text.length - start;
    if (digits === 0 || digits > largest.length) return undefined;
    if (text.charCodeAt(start) === CODE.zero) return digits === 1 ? '0' : undefined;
    for (let at = start; at < text.length; at += 1) if (!isDigit(text.charCodeAt(at))) return undefined;
    if (digits < largest.length) return text;
    return text.slice(start) <= (negative ? smallest : largest) ? text : undefined;
  };
}
