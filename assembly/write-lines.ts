/**
 * Writes rows as lines of text: JSON objects. The members of the classes are written in their order by
 * src/engine/machine/line-writer.ts.
 */

const QUOTE: u32 = 34;
const BACKSLASH: u32 = 92;
const SPACE: u32 = 32;
/** Of a control character: `\u0000`. */
const LONGEST_ESCAPE: u32 = 6;

@unmanaged
class Lines {
  columnCount: u32;
  columns: usize;
  lineEnd: usize;
  lineEndLength: u32;
  /** Bytes of a row's spans. */
  rowBytes: u32;
  /** Of a line whose every value is empty. */
  fixedBytes: u32;
  /** By control character, the letter of its short escape; 0 where it has none. */
  escapes: usize;
  /** The hexadecimal digits. */
  digits: usize;
}

@unmanaged
class LineColumn {
  /** What stands ahead of the value. */
  prefix: usize;
  prefixLength: u32;
  form: u32;
  /** What stands for null. */
  nullText: usize;
  nullLength: u32;
}

const UNCHANGED: u32 = 0;
const QUOTED: u32 = 1;
const JSON_STRING: u32 = 2;

/** Room that the row needs which was left because there was not enough; 0 where all were written. */
export let needed: u32 = 0;
/** Behind the last byte written. */
export let end: usize = 0;
/** How many lines were written. */
export let written: u32 = 0;

/**
 * @param bytes what the spans are places in
 * @param passed of each row, whether it is to be written
 * @param from the first row
 * @param count rows in all
 * @param into where to write, at most until `until`
 * @returns the row to go on with; `needed`, `end` and `written` have the rest
 */
export function writeLines(
  bytes: usize,
  lines: Lines,
  spans: usize,
  passed: usize,
  from: u32,
  count: u32,
  into: usize,
  until: usize,
): u32 {
  let to = into;
  needed = 0;
  written = 0;
  let index = from;
  for (; index < count; index += 1) {
    if (load<u8>(passed + index) === 0) continue;
    const row = spans + index * lines.rowBytes;
    const room = mostBytes(lines, row);
    if (room > <u32>(until - to)) {
      needed = room;
      break;
    }
    to = writeLine(bytes, lines, row, to);
    written += 1;
  }
  end = to;
  return index;
}

function mostBytes(lines: Lines, row: usize): u32 {
  let values: u32 = 0;
  const end = row + (lines.columnCount << 3);
  for (let span = row; span < end; span += 8) {
    const start = load<i32>(span);
    if (start >= 0) values += load<i32>(span, 4) - start;
  }
  return lines.fixedBytes + values * LONGEST_ESCAPE;
}

function writeLine(bytes: usize, lines: Lines, row: usize, into: usize): usize {
  let to = into;
  let span = row;
  let column = changetype<LineColumn>(lines.columns);
  for (let left = lines.columnCount; left > 0; left -= 1) {
    to = copy(column.prefix, column.prefix + column.prefixLength, to);
    const start = load<i32>(span);
    if (start < 0) to = copy(column.nullText, column.nullText + column.nullLength, to);
    else to = writeValue(column.form, bytes + start, bytes + load<i32>(span, 4), to, lines);
    span += 8;
    column = changetype<LineColumn>(changetype<usize>(column) + offsetof<LineColumn>());
  }
  return copy(lines.lineEnd, lines.lineEnd + lines.lineEndLength, to);
}

/** May write up to 7 bytes more than there are, over which comes what is written next. */
function copy(start: usize, end: usize, into: usize): usize {
  let to = into;
  for (let at = start; at < end; at += 8) {
    store<u64>(to, load<u64>(at));
    to += 8;
  }
  return into + (end - start);
}

function put(to: usize, code: u32): usize {
  store<u8>(to, code);
  return to + 1;
}

function writeValue(form: u32, start: usize, end: usize, into: usize, lines: Lines): usize {
  switch (form) {
    case JSON_STRING:
      return writeJsonString(start, end, into, lines);
    case QUOTED:
      return put(copy(start, end, put(into, QUOTE)), QUOTE);
    default:
      return copy(start, end, into);
  }
}

/** With the escapes that `JSON.stringify` has. */
function writeJsonString(start: usize, end: usize, into: usize, lines: Lines): usize {
  let to = put(into, QUOTE);
  for (let at = start; at < end; at += 1) {
    const code: u32 = load<u8>(at);
    if (code >= SPACE && code !== QUOTE && code !== BACKSLASH) {
      to = put(to, code);
      continue;
    }
    to = put(to, BACKSLASH);
    const short: u32 = code >= SPACE ? code : load<u8>(lines.escapes + code);
    if (short !== 0) to = put(to, short);
    else {
      to = put(put(put(to, 117), 48), 48);
      to = put(put(to, load<u8>(lines.digits + (code >> 4))), load<u8>(lines.digits + (code & 15)));
    }
  }
  return put(to, QUOTE);
}
