import { areDigits, byteAt, copyBytes, DOT, isDigit, MINUS, writeByte, ZERO } from './bytes';
import { closeValue, openValue } from './value';

/** Without a plus, leading zeros, and `-0`. */
export function isInteger(start: usize, end: usize, digits: u32): bool {
  if (start === end) return false;
  const first = byteAt(start) === MINUS ? start + 1 : start;
  const length = <u32>(end - first);
  if (length === 0 || length > digits) return false;
  if (byteAt(first) === ZERO) return length === 1 && first === start;
  return areDigits(first, end);
}

export function isDecimal(start: usize, end: usize, digits: u32, scale: u32): bool {
  if (start === end) return false;
  const first = byteAt(start) === MINUS ? start + 1 : start;
  let isZero = true;
  let at = first;
  for (; at < end && isDigit(byteAt(at)); at += 1) if (byteAt(at) !== ZERO) isZero = false;
  const whole = <u32>(at - first);
  if (whole === 0) return false;
  if (byteAt(first) === ZERO ? whole > 1 : whole > digits) return false;
  let places: u32 = 0;
  const hasPoint = at < end;
  if (hasPoint) {
    if (byteAt(at) !== DOT) return false;
    for (at += 1; at < end; at += 1) {
      if (!isDigit(byteAt(at))) return false;
      if (byteAt(at) !== ZERO) isZero = false;
      places += 1;
    }
    if (places === 0 || places > scale) return false;
  }
  if (isZero && first !== start) return false;
  if (places === scale) return true;
  let to = copyBytes(start, end, openValue());
  if (!hasPoint) to = writeByte(to, DOT);
  for (; places < scale; places += 1) to = writeByte(to, ZERO);
  closeValue(to);
  return true;
}

const DOUBLE_DIGITS: u32 = 15;
/** What has more is written as `1e-7`. */
const LEADING_ZEROS: u32 = 5;

/** Doubles of few digits are the shortest text of themselves, unless zeros stand at an end. */
export function isShortDouble(start: usize, end: usize): bool {
  if (start === end) return false;
  const first = byteAt(start) === MINUS ? start + 1 : start;
  let at = first;
  while (at < end && isDigit(byteAt(at))) at += 1;
  const whole = <u32>(at - first);
  if (whole === 0 || <u32>(end - first) > DOUBLE_DIGITS) return false;
  const leadingZero = byteAt(first) === ZERO;
  if (leadingZero && whole > 1) return false;
  if (at === end) return !leadingZero || first === start;
  if (byteAt(at) !== DOT || at + 1 === end || byteAt(end - 1) === ZERO) return false;
  let zeros: u32 = 0;
  let isSignificant = false;
  for (at += 1; at < end; at += 1) {
    const code = byteAt(at);
    if (!isDigit(code)) return false;
    if (code !== ZERO) isSignificant = true;
    else if (!isSignificant) zeros += 1;
  }
  return !leadingZero || zeros <= LEADING_ZEROS;
}
