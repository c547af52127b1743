import { CODE, isDigit, type TypeReader } from './value-reader';

export const describeDecimal = (precision: number, scale: number): string =>
  scale === 0
    ? `a number of at most ${precision} digits, without places`
    : `a number with at most ${precision - scale} digits before the point and ${scale} after it`;

/**
 * Takes `-?(0|[1-9][0-9]*)(\.[0-9]+)?` with no more digits than the type holds: nothing is rounded, not even zeros
 * beyond the scale. The canonical form has exactly `scale` places.
 */
export function decimalReader(precision: number, scale: number): TypeReader {
  const largestWhole = precision - scale;
  const zeros = '0'.repeat(scale);
  return (text) => {
    const start = text.charCodeAt(0) === CODE.minus ? 1 : 0;
    let at = start;
    let nonZero = false;
    for (; at < text.length && isDigit(text.charCodeAt(at)); at += 1)
      nonZero ||= text.charCodeAt(at) !== CODE.zero;
    const whole = at - start;
    const leadingZero = text.charCodeAt(start) === CODE.zero;
    if (whole === 0 || (leadingZero && whole > 1)) return undefined;
    if (whole > largestWhole && !leadingZero) return undefined;
    let places = 0;
    if (at < text.length) {
      if (text.charCodeAt(at) !== CODE.dot) return undefined;
      for (at += 1; at < text.length; at += 1) {
        if (!isDigit(text.charCodeAt(at))) return undefined;
        nonZero ||= text.charCodeAt(at) !== CODE.zero;
        places += 1;
      }
      if (places === 0 || places > scale) return undefined;
    }
    const unsigned = start === 1 && !nonZero ? text.slice(1) : text;
    if (places === scale) return unsigned;
    return `${unsigned}${places === 0 ? '.' : ''}${zeros.slice(places)}`;
  };
}

/** Splits `-0012.50` or `1e-7` into sign, whole digits and places, without zeros that say nothing. */
function decimalParts(text: string): { negative: boolean; whole: string; places: string } {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  const point = (match?.[2] ?? '').length + Number(match?.[4] ?? 0);
  const whole = (point > 0 ? digits.slice(0, point).padEnd(point, '0') : '').replace(/^0+/, '');
  const places = (point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)).replace(/0+$/, '');
  return { negative: match?.[1] === '-' && whole + places !== '', whole, places };
}

const order = (left: string | number, right: string | number): number =>
  left < right ? -1 : left > right ? 1 : 0;

/** Numbers of so few characters are apart as doubles whenever they are apart as decimals. */
const EXACT_CHARACTERS = 15;

/** A function that compares decimal texts with `bound`, exactly, however many digits: below 0, 0 or above 0. */
export function comparerWith(bound: string): (text: string) => number {
  const right = decimalParts(bound);
  const short = bound.length <= EXACT_CHARACTERS && !/e/i.test(bound);
  const double = Number(bound);
  return (text) => {
    if (short && text.length <= EXACT_CHARACTERS) return Number(text) - double;
    const left = decimalParts(text);
    if (left.negative !== right.negative) return left.negative ? -1 : 1;
    const size =
      order(left.whole.length, right.whole.length) ||
      order(left.whole, right.whole) ||
      order(left.places, right.places);
    return left.negative ? -size : size;
  };
}
