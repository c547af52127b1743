/**
 * Reads CSV records of which every field is sure to be a right value, from bytes to spans of canonical values. It knows no
 * fault: at the first record that might have one it stops, with nothing changed by it, and others are to say what it is.
 *
 * Offsets in spans are from the window's beginning. What the numbers of a `Table` mean is written by src/engine/machine/sure-table.ts.
 */

import { byteAt, isOneOf, NONE } from './values/bytes';
import { Field, isSure, MOST_WRITTEN, TEXT } from './values/field';
import { Table } from './values/table';
import { Value } from './values/value';

const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;
const NULL: i32 = -1;

/** Where the next record begins. */
export let next: u32 = 0;
/** How much is in use of the window's bytes and those behind it. */
export let used: usize = 0;

/** Of the quoted field that was read last. */
let isEscaped: bool = false;
let lineFeeds: u32 = 0;

/**
 * @param window where the window's bytes are
 * @param from where a record begins
 * @param to where the window ends: nothing from there on is looked at
 * @param filled end of what is in use in the window and behind it; values in another form are written from there on
 * @param room where the room for them ends
 * @param spans of the rows; `lines`: how many lines each takes; both with room for `most` rows
 * @returns how many rows; `next` and `used` have the rest
 */
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
    lineFeeds = 0;
    const behind = readRecord(window, at, end, last, table, row);
    if (behind === 0) break;
    store<u32>(lines + (rows << 2), 1 + lineFeeds);
    used = Value.free;
    at = behind;
    row += table.rowBytes;
    rows += 1;
  }
  next = <u32>(at - window);
  used -= window;
  return rows;
}

/** @returns behind the record; 0 where it is not sure */
function readRecord(window: usize, from: usize, end: usize, last: usize, table: Table, row: usize): usize {
  const fieldCount = table.fieldCount;
  const quote = table.quote;
  const delimiter = table.delimiter;
  let escapes: u32 = 0;
  let at = from;
  let field = changetype<Field>(table.fields);
  for (let place: u32 = 1; ; place += 1) {
    const isQuoted = at < end && byteAt(at) === quote;
    const start = isQuoted ? at + 1 : at;
    const close = isQuoted ? endOfQuoted(start, end, quote) : endOfBare(at, end, table.special);
    if (close === 0) return 0;
    at = isQuoted ? close + 1 : close;
    if (field.span !== NONE) {
      const span = row + field.span;
      if (isQuoted && isEscaped) {
        // Neither a rule nor another type may see the quotes twice.
        if (field.kind !== TEXT || field.rules !== 0) return 0;
        store<u32>(table.escapes + (escapes << 2), <u32>span);
        escapes += 1;
      }
      if (isNull(field, start, close, isQuoted)) {
        if (!field.nullable) return 0;
        store<i32>(span, NULL);
      } else {
        if (Value.free > last || !isSure(field, start, close)) return 0;
        store<u32>(span, <u32>(Value.start - window));
        store<u32>(span + 4, <u32>(Value.end - window));
      }
    }
    // A line end is still to come.
    if (at >= end) return 0;
    if (place === fieldCount) break;
    if (byteAt(at) !== delimiter) return 0;
    at += 1;
    field = changetype<Field>(changetype<usize>(field) + offsetof<Field>());
  }
  if (byteAt(at) === CARRIAGE_RETURN) {
    at += 1;
    if (at >= end) return 0;
  }
  if (byteAt(at) !== LINE_FEED) return 0;
  at += 1;
  if (at - from > table.largest) return 0;
  for (let place: u32 = 0; place < table.absentCount; place += 1)
    store<i32>(row + load<u32>(table.absents + (place << 2)), NULL);
  for (let place: u32 = 0; place < escapes; place += 1)
    writeQuotesOnce(window, load<u32>(table.escapes + (place << 2)), quote);
  return at;
}

/** @returns 0 where it does not end ahead of `end` */
function endOfBare(start: usize, end: usize, special: usize): usize {
  for (let at = start; at < end; at += 1) if (load<u8>(special + byteAt(at)) !== 0) return at;
  return 0;
}

/** @returns where the quote is that closes it; 0 where none is ahead of the last byte */
function endOfQuoted(start: usize, end: usize, quote: u32): usize {
  isEscaped = false;
  for (let at = start; at + 1 < end; at += 1) {
    const code = byteAt(at);
    if (code === LINE_FEED) lineFeeds += 1;
    if (code !== quote) continue;
    if (byteAt(at + 1) !== quote) return at;
    isEscaped = true;
    at += 1;
  }
  return 0;
}

function writeQuotesOnce(window: usize, span: usize, quote: u32): void {
  const end = window + load<u32>(span + 4);
  let to = window + load<u32>(span);
  for (let at = to; at < end; at += 1) {
    const code = byteAt(at);
    store<u8>(to, code);
    to += 1;
    if (code === quote) at += 1;
  }
  store<u32>(span + 4, <u32>(to - window));
}

function isNull(field: Field, start: usize, end: usize, isQuoted: bool): bool {
  if (isQuoted) return start === end && field.emptyIsNull !== 0;
  return field.nulls !== 0 && isOneOf(field.nulls, start, end);
}
