import type { BinaryEncoding } from '../definition/column-type';
import type { TypeReader } from './value-reader';

const HEX_PAIRS = /^(?:[0-9A-Fa-f]{2})*$/;

export const describeBinary = (encoding: BinaryEncoding): string =>
  encoding === 'hex' ? 'bytes as pairs of hexadecimal digits' : 'bytes in base64, with its padding';

/** The canonical form is base64. Node reads whatever looks like it, so what it read must be the same text again. */
export function binaryReader(encoding: BinaryEncoding): TypeReader {
  if (encoding === 'hex')
    return (text) => (HEX_PAIRS.test(text) ? Buffer.from(text, 'hex').toString('base64') : undefined);
  return (text) => (Buffer.from(text, 'base64').toString('base64') === text ? text : undefined);
}
