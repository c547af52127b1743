import { areDigits, byteAt, COLON, copyBytes, DOT, MINUS, NONE, SPACE, writeByte, ZERO } from './bytes';
import { closeValue, openValue } from './value';

@unmanaged
export class DateForm {
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

export function isDate(start: usize, end: usize, form: DateForm): bool {
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
