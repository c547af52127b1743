/**
 * Reads lines of JSON as Landfall writes them, and most other programs: the keys in the order of the columns, without spaces
 * between the parts. Of a line whose every value is sure it makes spans, of none else anything; as read-sure-records.ts does.
 */

import { byteAt } from './values/bytes';
import { Field, isSure, MOST_WRITTEN, WORD } from './values/field';
import { Table } from './values/table';
import { Value } from './values/value';

const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;
const SPACE: u32 = 32;
const QUOTE: u32 = 34;
const COMMA: u32 = 44;
const BACKSLASH: u32 = 92;
const LETTER_F: u32 = 102;
const LETTER_N: u32 = 110;
const LETTER_T: u32 = 116;
const CLOSE: u32 = 125;
const NULL: i32 = -1;
/** `null`, as a number of four bytes. */
const NULL_WORD: u32 = 0x6c6c756e;

/** Where the next line begins. */
export let next: u32 = 0;
/** How much is in use of the window's bytes and those behind it. */
export let used: usize = 0;

/** Where the string is that was read last, its escapes undone. */
let stringStart: usize = 0;
let stringEnd: usize = 0;

/** As `readRecords` of read-sure-records.ts; each row takes one line. */
export function readRecords(
  window: usize,
  from: u32,
  to: u32,
  filled: u32,
  room: u32,
  table: Table,
  spans: usize,
  lines: usize,
  most: u32,
): u32 {
  const end = window + to;
  const last = window + room - MOST_WRITTEN;
  let rows: u32 = 0;
  let row = spans;
  let at = window + from;
  used = window + filled;
  while (rows < most && at < end) {
    Value.free = used;
    const behind = readLine(window, at, end, last, table, row);
    if (behind === 0) break;
    store<u32>(lines + (rows << 2), 1);
    used = Value.free;
    at = behind;
    row += table.rowBytes;
    rows += 1;
  }
  next = <u32>(at - window);
  used -= window;
  return rows;
}

/** @returns behind the line; 0 where it is not sure */
function readLine(window: usize, from: usize, end: usize, last: usize, table: Table, row: usize): usize {
  let at = from;
  let field = changetype<Field>(table.fields);
  for (let left = table.fieldCount; left > 0; left -= 1) {
    const prefixLength = field.prefixLength;
    // The smallest value has one byte, and a brace and a line end come behind it.
    if (at + prefixLength + 2 >= end) return 0;
    if (memory.compare(at, field.prefix, prefixLength) !== 0) return 0;
    at = readValue(window, at + prefixLength, end, last, field, row + field.span);
    if (at === 0) return 0;
    field = changetype<Field>(changetype<usize>(field) + offsetof<Field>());
  }
  if (at + 1 >= end || byteAt(at) !== CLOSE) return 0;
  at += 1;
  if (byteAt(at) === CARRIAGE_RETURN) {
    at += 1;
    if (at >= end) return 0;
  }
  if (byteAt(at) !== LINE_FEED || at - from > table.largest) return 0;
  return at + 1;
}

/** @returns behind the value; 0 where it is not sure */
function readValue(window: usize, start: usize, end: usize, last: usize, field: Field, span: usize): usize {
  const first = byteAt(start);
  let close: usize;
  if (first === QUOTE) {
    close = readString(start + 1, end, last);
    if (close === 0) return 0;
    if (stringStart === stringEnd && field.emptyIsNull !== 0) return writeNull(field, span) ? close : 0;
  } else {
    close = start;
    while (close < end && byteAt(close) !== COMMA && byteAt(close) !== CLOSE) close += 1;
    if (close === end) return 0;
    if (first === LETTER_N)
      return close - start === 4 && load<u32>(start) === NULL_WORD && writeNull(field, span) ? close : 0;
    const isWord = first === LETTER_T || first === LETTER_F;
    if (isWord ? field.kind !== WORD || field.rules !== 0 : field.isBare === 0) return 0;
    stringStart = start;
    stringEnd = close;
  }
  if (Value.free > last || !isSure(field, stringStart, stringEnd)) return 0;
  store<u32>(span, <u32>(Value.start - window));
  store<u32>(span + 4, <u32>(Value.end - window));
  return close;
}

function writeNull(field: Field, span: usize): bool {
  store<i32>(span, NULL);
  return field.nullable !== 0;
}

/** @returns behind the quote that closes it; 0 where it is not sure */
function readString(start: usize, end: usize, last: usize): usize {
  let at = start;
  for (; at < end; at += 1) {
    const code = byteAt(at);
    if (code === QUOTE) {
      stringStart = start;
      stringEnd = at;
      return at + 1;
    }
    if (code === BACKSLASH) break;
    if (code < SPACE) return 0;
  }
  return readEscaped(start, at, end, last);
}

/** @param from the first byte that is escaped */
function readEscaped(start: usize, from: usize, end: usize, last: usize): usize {
  let to = Value.free;
  if (to + (from - start) > last) return 0;
  memory.copy(to, start, from - start);
  to += from - start;
  for (let at = from; at < end; at += 1) {
    let code = byteAt(at);
    if (code === QUOTE) {
      stringStart = Value.free;
      stringEnd = to;
      Value.free = to;
      return at + 1;
    }
    if (code < SPACE || to > last) return 0;
    if (code === BACKSLASH) {
      at += 1;
      code = at < end ? unescaped(byteAt(at)) : 0;
      if (code === 0) return 0;
    }
    store<u8>(to, code);
    to += 1;
  }
  return 0;
}

/** What stands for what behind a backslash; 0 for `u`, and what is none. */
function unescaped(code: u32): u32 {
  switch (code) {
    case QUOTE:
    case BACKSLASH:
    case 47:
      return code;
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    default:
      return 0;
  }
}
