import { byteAt, DOT, isOneOf, MINUS, ZERO } from './bytes';

@unmanaged
export class Rule {
  kind: u32;
  /** Of BYTE_BOUND and NUMBER_BOUND: 1 for min, -1 for max. */
  sign: i32;
  inclusive: u32;
  data: usize;
  length: u32;
  next: usize;
  bound: f64;
}

const ENUM: u32 = 0;
const PATTERN: u32 = 1;
const MIN_LENGTH: u32 = 2;
const MAX_LENGTH: u32 = 3;
const BYTE_BOUND: u32 = 4;
const NUMBER_BOUND: u32 = 5;

/** Character classes, each 256 bytes; all but the last stand once. */
@unmanaged
class Pattern {
  fixed: u32;
  /** Bytes in all. */
  least: u32;
  most: u32;
  classes: usize;
}

export function keepsRule(rule: Rule, start: usize, end: usize): bool {
  const length = <u32>(end - start);
  switch (rule.kind) {
    case ENUM:
      return isOneOf(rule.data, start, end);
    case PATTERN:
      return matches(changetype<Pattern>(rule.data), start, end);
    case MIN_LENGTH:
      return codePoints(start, end) >= rule.length;
    case MAX_LENGTH:
      return length <= rule.length || codePoints(start, end) <= rule.length;
    case BYTE_BOUND:
      return holds(rule, compareBytes(start, length, rule.data, rule.length));
    case NUMBER_BOUND:
      return keepsBound(rule, start, end);
    default:
      return false;
  }
}

function holds(rule: Rule, order: i32): bool {
  return rule.sign * order > 0 || (order === 0 && rule.inclusive !== 0);
}

function matches(pattern: Pattern, start: usize, end: usize): bool {
  const length = <u32>(end - start);
  if (length < pattern.least || length > pattern.most) return false;
  let bytes = pattern.classes;
  let at = start;
  for (let left = pattern.fixed; left > 0; left -= 1) {
    if (load<u8>(bytes + byteAt(at)) === 0) return false;
    at += 1;
    bytes += 256;
  }
  for (; at < end; at += 1) if (load<u8>(bytes + byteAt(at)) === 0) return false;
  return true;
}

/** Every byte that does not go on with a code point. */
function codePoints(start: usize, end: usize): u32 {
  let count: u32 = 0;
  for (let at = start; at < end; at += 1) if ((byteAt(at) & 0xc0) !== 0x80) count += 1;
  return count;
}

function compareBytes(start: usize, length: u32, other: usize, otherLength: u32): i32 {
  const order = memory.compare(start, other, min(length, otherLength));
  return order !== 0 ? order : <i32>length - <i32>otherLength;
}

const EXACT_DIGITS: u32 = 15;

/** Judges only what a division of two exact numbers tells. */
function keepsBound(rule: Rule, start: usize, end: usize): bool {
  if (<u32>(end - start) > EXACT_DIGITS) return false;
  const isNegative = byteAt(start) === MINUS;
  let whole: f64 = 0;
  let power: f64 = 1;
  let isBehindPoint = false;
  for (let at = isNegative ? start + 1 : start; at < end; at += 1) {
    const code = byteAt(at);
    if (code === DOT) isBehindPoint = true;
    else {
      whole = whole * 10 + <f64>(code - ZERO);
      if (isBehindPoint) power *= 10;
    }
  }
  const value = isNegative ? -whole / power : whole / power;
  return holds(rule, value > rule.bound ? 1 : value < rule.bound ? -1 : 0);
}
