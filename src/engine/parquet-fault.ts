import { createContext, Script } from 'node:vm';

/** A Parquet file is damaged, or uses what is not read. The message has no value of any row. */
export class ParquetFault extends Error {
  override readonly name = 'ParquetFault';
  constructor(
    readonly code: 'malformed-parquet' | 'unsupported-parquet',
    message: string,
  ) {
    super(message);
  }
}

export const malformed = (message: string): ParquetFault => new ParquetFault('malformed-parquet', message);
export const unsupported = (message: string): ParquetFault =>
  new ParquetFault('unsupported-parquet', message);

const LONGEST_MS = 60_000;
/** What is decoded from fewer bytes and values comes to its end whatever it is, and the guard costs half a millisecond. */
const GUARDED_FROM = 64 * 1024;
const context = createContext({}) as { run?: () => void };
const script = new Script('run()');

/**
 * Decodes a piece of the file. Whatever the decoder throws is said of the file, and one that does not come to an end
 * (a number of a million digits takes hours) is stopped.
 * @param size of what is decoded: bytes, or values where these are more
 */
export function decoding<T>(what: string, size: number, decode: () => T): T {
  let result: { value: T } | undefined;
  context.run = () => {
    result = { value: decode() };
  };
  try {
    if (size < GUARDED_FROM) return decode();
    script.runInContext(context, { timeout: LONGEST_MS });
  } catch (error) {
    if (error instanceof ParquetFault) throw error;
    throw malformed(`${what} cannot be decoded`);
  }
  if (result === undefined) throw malformed(`${what} cannot be decoded`);
  return result.value;
}
