export const SPACE: u32 = 32;
export const MINUS: u32 = 45;
export const DOT: u32 = 46;
export const ZERO: u32 = 48;
export const COLON: u32 = 58;

/** No place, or no span. */
export const NONE: u32 = 0xffffffff;

export function byteAt(place: usize): u32 {
  return load<u8>(place);
}

export function isDigit(code: u32): bool {
  return code - ZERO <= 9;
}

export function areDigits(start: usize, end: usize): bool {
  for (let at = start; at < end; at += 1) if (!isDigit(byteAt(at))) return false;
  return true;
}

export function writeByte(to: usize, code: u32): usize {
  store<u8>(to, code);
  return to + 1;
}

export function copyBytes(start: usize, end: usize, into: usize): usize {
  let to = into;
  for (let at = start; at < end; at += 1) to = writeByte(to, byteAt(at));
  return to;
}

/** @param words how many, then of each its length and its bytes */
export function isOneOf(words: usize, start: usize, end: usize): bool {
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
