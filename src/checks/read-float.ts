import { CODE, isDigit, type TypeReader } from './value-reader';

export const describeFloat = (name: 'float32' | 'float64'): string =>
  `a number such as -12.5 or 1.25e-7 that a ${name === 'float32' ? '32' : '64'}-bit float can hold`;

function skipDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, which is how JSON writes numbers. */
export function isPlainNumber(text: string): boolean {
  const start = text.charCodeAt(0) === CODE.minus ? 1 : 0;
  let at = skipDigits(text, start);
  if (at === start || (text.charCodeAt(start) === CODE.zero && at > start + 1)) return false;
  if (text.charCodeAt(at) === CODE.dot) {
    const places = skipDigits(text, at + 1);
    if (places === at + 1) return false;
    at = places;
  }
  if (text.charCodeAt(at) === CODE.e || text.charCodeAt(at) === CODE.E) {
    const sign = text.charCodeAt(at + 1);
    const first = sign === CODE.plus || sign === CODE.minus ? at + 2 : at + 1;
    at = skipDigits(text, first);
    if (at === first) return false;
  }
  return at === text.length;
}

const SINGLE_DIGITS = 9;

/** The shortest text that gives the same 32-bit float again; JavaScript's own is that of 64 bits. */
function shortestSingle(value: number): string {
  for (let digits = 1; digits < SINGLE_DIGITS; digits += 1) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(SINGLE_DIGITS)));
}

/**
 * Takes decimal and exponent notation. NaN, infinities, hexadecimal and what overflows are refused; digits beyond the
 * type's own are rounded to the nearest float, as floats are. The canonical form is the shortest that gives the same
 * float again.
 */
export function floatReader(name: 'float32' | 'float64'): TypeReader {
  const single = name === 'float32';
  return (text) => {
    if (!isPlainNumber(text)) return undefined;
    const value = single ? Math.fround(Number(text)) : Number(text);
    if (!Number.isFinite(value)) return undefined;
    if (Object.is(value, -0)) return '-0.0';
    return single ? shortestSingle(value) : String(value);
  };
}
