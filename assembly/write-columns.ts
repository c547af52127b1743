/**
 * Writes columns of rows as Arrow has them: which rows are there as bits, and their values side by side. Values are in
 * canonical form.
 */

import { byteAt, DOT, MINUS, ZERO } from './values/bytes';

// As src/engine/machine/column-writer.ts has them.
const TEXT: u32 = 0;
const INT8: u32 = 1;
const INT16: u32 = 2;
const INT32: u32 = 3;
const INT64: u32 = 4;
const DECIMAL: u32 = 5;
const DATE: u32 = 6;
const TIMESTAMP: u32 = 7;
const BOOLEAN: u32 = 8;

const LETTER_T: u32 = 116;
/** Beyond it a 64-bit number may not have room for one more digit. */
const SHORT_DIGITS: u32 = 18;
const MICROSECONDS_A_DAY: i64 = 86_400_000_000;
const DATE_LENGTH: usize = 10;
const SECOND_LENGTH: usize = 19;

/** Of the column written last: how many values are null, and behind the last byte of its texts. */
export let nulls: u32 = 0;
export let end: usize = 0;

/** Bytes that the texts of a column take. */
export function countText(spans: usize, rowBytes: u32, passed: usize, count: u32): u32 {
  let bytes: u32 = 0;
  for (let index: u32 = 0, span = spans; index < count; index += 1, span += rowBytes) {
    const start = load<i32>(span);
    if (start >= 0 && load<u8>(passed + index) !== 0) bytes += load<i32>(span, 4) - start;
  }
  return bytes;
}

/**
 * @param bytes what the spans are places in
 * @param spans of the column: that of the first row, the next one `rowBytes` behind it
 * @param passed of each of `count` rows, whether it is to be written
 * @param validity where the bits go; `values`: where the values go, or where each text begins; `text`: where texts go
 */
export function writeColumn(
  kind: u32,
  bytes: usize,
  spans: usize,
  rowBytes: u32,
  passed: usize,
  count: u32,
  validity: usize,
  values: usize,
  text: usize,
): void {
  let to = text;
  let row: u32 = 0;
  let valid: u32 = 0;
  let truths: u32 = 0;
  nulls = 0;
  for (let index: u32 = 0, span = spans; index < count; index += 1, span += rowBytes) {
    if (load<u8>(passed + index) === 0) continue;
    const bit: u32 = 1 << (row & 7);
    const first = load<i32>(span);
    const start = bytes + first;
    const close = bytes + load<i32>(span, 4);
    if (first < 0) nulls += 1;
    else valid |= bit;
    if (kind === TEXT) {
      store<u32>(values + (row << 2), <u32>(to - text));
      if (first >= 0) to = copy(start, close, to);
    } else if (kind === BOOLEAN) {
      if (first >= 0 && byteAt(start) === LETTER_T) truths |= bit;
    } else if (first >= 0) writeValue(kind, start, close, values, row);
    else writeNothing(kind, values, row);
    row += 1;
    if ((row & 7) !== 0) continue;
    store<u8>(validity + (row >> 3) - 1, valid);
    if (kind === BOOLEAN) store<u8>(values + (row >> 3) - 1, truths);
    valid = 0;
    truths = 0;
  }
  if ((row & 7) !== 0) {
    store<u8>(validity + (row >> 3), valid);
    if (kind === BOOLEAN) store<u8>(values + (row >> 3), truths);
  }
  if (kind === TEXT) store<u32>(values + (row << 2), <u32>(to - text));
  end = to;
}

/** May write up to 7 bytes more than there are, over which comes what is written next. */
function copy(start: usize, close: usize, into: usize): usize {
  let to = into;
  for (let at = start; at < close; at += 8) {
    store<u64>(to, load<u64>(at));
    to += 8;
  }
  return into + (close - start);
}

function writeValue(kind: u32, start: usize, close: usize, values: usize, row: u32): void {
  switch (kind) {
    case INT8:
      store<i8>(values + row, <i8>integerOf(start, close));
      break;
    case INT16:
      store<i16>(values + (row << 1), <i16>integerOf(start, close));
      break;
    case INT32:
      store<i32>(values + (row << 2), <i32>integerOf(start, close));
      break;
    case INT64:
      store<i64>(values + (row << 3), integerOf(start, close));
      break;
    case DATE:
      store<i32>(values + (row << 2), <i32>daysOf(start));
      break;
    case TIMESTAMP:
      store<i64>(values + (row << 3), <i64>daysOf(start) * MICROSECONDS_A_DAY + microsecondsOf(start, close));
      break;
    case DECIMAL:
      writeDecimal(start, close, values + (row << 4));
      break;
  }
}

function writeNothing(kind: u32, values: usize, row: u32): void {
  switch (kind) {
    case INT8:
      store<u8>(values + row, 0);
      break;
    case INT16:
      store<u16>(values + (row << 1), 0);
      break;
    case INT32:
    case DATE:
      store<u32>(values + (row << 2), 0);
      break;
    case INT64:
    case TIMESTAMP:
      store<u64>(values + (row << 3), 0);
      break;
    case DECIMAL:
      store<u64>(values + (row << 4), 0);
      store<u64>(values + (row << 4), 0, 8);
      break;
  }
}

/** A point between the digits is passed over. */
function integerOf(start: usize, close: usize): i64 {
  const isNegative = byteAt(start) === MINUS;
  let number: u64 = 0;
  for (let at = isNegative ? start + 1 : start; at < close; at += 1) {
    const code = byteAt(at);
    if (code !== DOT) number = number * 10 + (code - ZERO);
  }
  return isNegative ? -(<i64>number) : <i64>number;
}

/** As a whole number of the smallest unit, of 128 bits. */
function writeDecimal(start: usize, close: usize, into: usize): void {
  if (<u32>(close - start) <= SHORT_DIGITS) {
    const number = integerOf(start, close);
    store<i64>(into, number);
    store<i64>(into, number >> 63, 8);
    return;
  }
  const isNegative = byteAt(start) === MINUS;
  let low: u64 = 0;
  let high: u64 = 0;
  for (let at = isNegative ? start + 1 : start; at < close; at += 1) {
    const code = byteAt(at);
    if (code === DOT) continue;
    // Ten times each half of `low`, so that what it carries is known.
    const bottom = (low & 0xffffffff) * 10 + (code - ZERO);
    const top = (low >> 32) * 10 + (bottom >> 32);
    low = (top << 32) | (bottom & 0xffffffff);
    high = high * 10 + (top >> 32);
  }
  if (isNegative) {
    low = ~low + 1;
    high = ~high + (low === 0 ? 1 : 0);
  }
  store<u64>(into, low);
  store<u64>(into, high, 8);
}

function two(at: usize): i32 {
  return <i32>((byteAt(at) - ZERO) * 10 + byteAt(at + 1) - ZERO);
}

/** Days from 1970-01-01 to a date of the years 1 to 9999, of the calendar that is used today. */
function daysOf(start: usize): i32 {
  const month = two(start + 5);
  // Years begin in March, so that a leap day is the last of its year.
  const year = two(start) * 100 + two(start + 2) - (month <= 2 ? 1 : 0);
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + two(start + 8) - 1;
  const century = year / 100;
  return 365 * year + year / 4 - century + century / 4 + dayOfYear - 719468;
}

/** Since midnight. */
function microsecondsOf(start: usize, close: usize): i64 {
  if (<usize>(close - start) === DATE_LENGTH) return 0;
  const seconds = <i64>(two(start + 11) * 3600 + two(start + 14) * 60 + two(start + 17));
  let fraction: i64 = 0;
  let unit: i64 = 100_000;
  for (let at = start + SECOND_LENGTH + 1; at < close && unit > 0; at += 1) {
    fraction += <i64>(byteAt(at) - ZERO) * unit;
    unit /= 10;
  }
  return seconds * 1_000_000 + fraction;
}
