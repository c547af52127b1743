/**
 * Reads CSV records of which every field is sure to be a right value, from bytes to spans of canonical values. It knows no
 * fault: at the first record that might have one it stops, with nothing changed by it, and others are to say what it is.
 *
 * Offsets in spans are from the window's beginning. What the numbers of a `Table` mean is written by src/engine/sure-table.ts.
 */

const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;
const SPACE: u32 = 32;
const MINUS: u32 = 45;
const DOT: u32 = 46;
const ZERO: u32 = 48;
const COLON: u32 = 58;

const NULL: i32 = -1;
/** No place; of a file's field that is no column, no span. */
const NONE: u32 = 0xffffffff;

@unmanaged
class Table {
  delimiter: u32;
  /** Above 255 where there is none. */
  quote: u32;
  fieldCount: u32;
  fields: usize;
  /** Spans of columns that the file leaves out. */
  absentCount: u32;
  absents: usize;
  /** Bytes of a record. */
  largest: u32;
  /** Bytes of a row's spans. */
  rowBytes: u32;
  /** Room for a number a field. */
  escapes: usize;
  /** By byte, 1 where a bare field may end, or is not plain. */
  special: usize;
}

@unmanaged
class Field {
  kind: u32;
  nullable: u32;
  /** Whether `""` is null. */
  emptyIsNull: u32;
  /** Texts that are null where they do not stand in quotes. */
  nulls: usize;
  /** Where in a row's spans, in bytes. */
  span: u32;
  /** INTEGER: digits that are sure. DECIMAL: digits ahead of the point. */
  digits: u32;
  /** DECIMAL: digits behind the point. */
  scale: u32;
  /** DATE: its form. WORD: the words. */
  form: usize;
  /** The first one, or 0. */
  rules: usize;
}

const TEXT: u32 = 0;
const INTEGER: u32 = 1;
const DECIMAL: u32 = 2;
const DOUBLE: u32 = 3;
const WORD: u32 = 4;
const DATE: u32 = 5;

@unmanaged
class Rule {
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

@unmanaged
class DateForm {
  /** Bytes ahead of the fraction. */
  length: u32;
  year: u32;
  month: u32;
  day: u32;
  hour: u32;
  minute: u32;
  second: u32;
  hasFraction: u32;
  isTimestamp: u32;
  /** Of a text that is the canonical one already; NONE where none is. */
  canonicalLength: u32;
  literalCount: u32;
  /** Pairs of place and byte. */
  literals: usize;
}

const PLACES: u32 = 6;
/** A canonical timestamp has 26 bytes, a decimal at most 40. */
const MOST_WRITTEN: usize = 64;

/** Where the next record begins. */
export let next: u32 = 0;
/** How much is in use of the window's bytes and those behind it. */
export let used: usize = 0;

/** Of the quoted field that was read last. */
let isEscaped: bool = false;
let lineFeeds: u32 = 0;
/** The canonical form of the value that was judged last. */
let valueStart: usize = 0;
let valueEnd: usize = 0;
/** Where the next value that is written begins. */
let free: usize = 0;

function byteAt(place: usize): u32 {
  return load<u8>(place);
}

function isDigit(code: u32): bool {
  return code - ZERO <= 9;
}

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
    free = used;
    lineFeeds = 0;
    const behind = readRecord(window, at, end, last, table, row);
    if (behind === 0) break;
    store<u32>(lines + (rows << 2), 1 + lineFeeds);
    used = free;
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
        if (free > last || !isSure(field, start, close)) return 0;
        store<u32>(span, <u32>(valueStart - window));
        store<u32>(span + 4, <u32>(valueEnd - window));
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

/** @param words how many, then of each its length and its bytes */
function isOneOf(words: usize, start: usize, end: usize): bool {
  const length = <u32>(end - start);
  let left = load<u32>(words);
  let word = words + 4;
  for (; left > 0; left -= 1) {
    const bytes = load<u32>(word);
    word += 4;
    if (bytes === length && memory.compare(word, start, length) === 0) return true;
    word += bytes;
  }
  return false;
}

/** Whether the field holds a right value, whose canonical form is then from `valueStart` to `valueEnd`. */
function isSure(field: Field, start: usize, end: usize): bool {
  valueStart = start;
  valueEnd = end;
  switch (field.kind) {
    case TEXT:
      break;
    case INTEGER:
      if (!isInteger(start, end, field.digits)) return false;
      break;
    case DECIMAL:
      if (!isDecimal(start, end, field.digits, field.scale)) return false;
      break;
    case DOUBLE:
      if (!isShortDouble(start, end)) return false;
      break;
    case WORD:
      if (!isOneOf(field.form, start, end)) return false;
      break;
    case DATE:
      if (!isDate(start, end, changetype<DateForm>(field.form))) return false;
      break;
    default:
      return false;
  }
  let rule = field.rules;
  while (rule !== 0) {
    if (!keepsRule(changetype<Rule>(rule), valueStart, valueEnd)) return false;
    rule = changetype<Rule>(rule).next;
  }
  return true;
}

function areDigits(start: usize, end: usize): bool {
  for (let at = start; at < end; at += 1) if (!isDigit(byteAt(at))) return false;
  return true;
}

/** Without a plus, leading zeros, and `-0`. */
function isInteger(start: usize, end: usize, digits: u32): bool {
  if (start === end) return false;
  const first = byteAt(start) === MINUS ? start + 1 : start;
  const length = <u32>(end - first);
  if (length === 0 || length > digits) return false;
  if (byteAt(first) === ZERO) return length === 1 && first === start;
  return areDigits(first, end);
}

function isDecimal(start: usize, end: usize, digits: u32, scale: u32): bool {
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
function isShortDouble(start: usize, end: usize): bool {
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

function writeByte(to: usize, code: u32): usize {
  store<u8>(to, code);
  return to + 1;
}

function copyBytes(start: usize, end: usize, into: usize): usize {
  let to = into;
  for (let at = start; at < end; at += 1) to = writeByte(to, byteAt(at));
  return to;
}

function openValue(): usize {
  valueStart = free;
  return free;
}

function closeValue(end: usize): void {
  valueEnd = end;
  free = end;
}

/** Two digits; more than 99 where they are none. */
function two(at: usize): u32 {
  const tens = byteAt(at) - ZERO;
  const ones = byteAt(at + 1) - ZERO;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

function isUpTo(most: u32, start: usize, place: u32): bool {
  return place === NONE || two(start + place) <= most;
}

function daysIn(year: u32, month: u32): u32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDate(start: usize, end: usize, form: DateForm): bool {
  const length = <u32>(end - start);
  const fraction = start + form.length;
  if (length !== form.length) {
    if (form.hasFraction === 0 || length < form.length + 2 || length > form.length + 1 + PLACES) return false;
    if (byteAt(fraction) !== DOT || !areDigits(fraction + 1, end)) return false;
  }
  for (let literal: u32 = 0; literal < form.literalCount; literal += 1) {
    const pair = form.literals + (literal << 3);
    if (byteAt(start + load<u32>(pair)) !== load<u32>(pair, 4)) return false;
  }
  const century = two(start + form.year);
  const yearOfCentury = two(start + form.year + 2);
  if (century > 99 || yearOfCentury > 99) return false;
  const year = century * 100 + yearOfCentury;
  const month = two(start + form.month);
  const day = two(start + form.day);
  if (year === 0 || month === 0 || month > 12 || day === 0 || day > daysIn(year, month)) return false;
  if (!isUpTo(23, start, form.hour) || !isUpTo(59, start, form.minute) || !isUpTo(59, start, form.second))
    return false;
  if (length === form.canonicalLength) return true;
  let to = copyBytes(start + form.year, start + form.year + 4, openValue());
  to = writeByte(to, MINUS);
  to = copyBytes(start + form.month, start + form.month + 2, to);
  to = writeByte(to, MINUS);
  to = copyBytes(start + form.day, start + form.day + 2, to);
  if (form.isTimestamp !== 0) {
    to = writeTwo(writeByte(to, SPACE), start, form.hour);
    to = writeTwo(writeByte(to, COLON), start, form.minute);
    to = writeTwo(writeByte(to, COLON), start, form.second);
    to = writeByte(to, DOT);
    const places = length > form.length ? length - form.length - 1 : 0;
    to = copyBytes(fraction + 1, fraction + 1 + places, to);
    for (let place = places; place < PLACES; place += 1) to = writeByte(to, ZERO);
  }
  closeValue(to);
  return true;
}

function writeTwo(to: usize, start: usize, place: u32): usize {
  if (place !== NONE) return copyBytes(start + place, start + place + 2, to);
  return writeByte(writeByte(to, ZERO), ZERO);
}

function keepsRule(rule: Rule, start: usize, end: usize): bool {
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
