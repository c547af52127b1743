/** Whether a value in canonical form has what a rule asks for. */
export type ByteRule = (bytes: Buffer, start: number, end: number) => boolean;

/** Of a few bytes: a call of Node's own compare takes longer than they do. */
function areEqual(bytes: Buffer, start: number, word: Buffer): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false;
  return true;
}

export function isOneOf(values: readonly string[]): ByteRule {
  const words = values.map((value) => Buffer.from(value));
  return (bytes, start, end) => {
    for (const word of words) if (word.length === end - start && areEqual(bytes, start, word)) return true;
    return false;
  };
}
