// Controls move a terminal's cursor; direction marks and line separators make a text look like another.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from a file or a key, such that every character of it is seen as itself: those that are not become `\u{…}`. */
export const printable = (text: string): string =>
  text.replaceAll(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
