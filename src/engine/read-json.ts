import { DEFAULT_LIMITS, type ContentLimits } from '../definition/format';
import { decodeText } from './decode-text';
import { compileFlatRecord } from './parse-flat-record';
import { JsonArrayScanner } from './scan-json-array';
import { JsonLinesScanner, type JsonRow } from './scan-json-lines';

export interface JsonReading {
  limits?: Pick<ContentLimits, 'rowCharacters' | 'depth'>;
  blankLines?: 'refused' | 'skipped';
}

async function* scan(
  source: AsyncIterable<Uint8Array>,
  scanner: JsonLinesScanner | JsonArrayScanner,
): AsyncGenerator<JsonRow[]> {
  const blocks = decodeText(source, 'utf-8', { because: ', which JSON is always in (RFC 8259)' });
  for await (const { text, badLines } of blocks) {
    const rows = scanner.push(text, badLines);
    if (rows.length > 0) yield rows;
  }
  const rows = scanner.end();
  if (rows.length > 0) yield rows;
}

/**
 * One object a line. `keys`: those that records are expected to have, in the order they are wanted.
 * @throws EncodingFault, as `readJsonArray` does, when a byte order mark says that it is not UTF-8
 */
export const readJsonLines = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  { limits = DEFAULT_LIMITS, blankLines = 'refused' }: JsonReading = {},
): AsyncGenerator<JsonRow[]> =>
  scan(source, new JsonLinesScanner(compileFlatRecord(keys), limits, blankLines === 'skipped'));

/** One array of objects. */
export const readJsonArray = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  { limits = DEFAULT_LIMITS }: JsonReading = {},
): AsyncGenerator<JsonRow[]> => scan(source, new JsonArrayScanner(compileFlatRecord(keys), limits));
