/** What a reader of bytes says of a field: it cannot be sure; the field is in canonical form; it is a value in another form. */
export const ASK = 0;
export const CANONICAL = 1;
export const OTHER_FORM = 2;
export type ByteVerdict = typeof ASK | typeof CANONICAL | typeof OTHER_FORM;

export interface ByteType {
  read: (bytes: Buffer, start: number, end: number) => ByteVerdict;
  /** Writes the canonical form of what is in another form. @returns where it ends */
  write: (bytes: Buffer, start: number, end: number, into: Buffer, at: number) => number;
  /** Bytes that `write` may need. */
  mostWritten: number;
}
