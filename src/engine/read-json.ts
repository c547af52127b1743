import { decodeUtf8 } from './decode-utf8';
import { compileFlatRecord } from './parse-flat-record';
import { LARGEST_ROW } from './raw-row';
import { JsonArrayScanner } from './scan-json-array';
import { JsonLinesScanner, type JsonRow } from './scan-json-lines';

async function* scan(
  source: AsyncIterable<Uint8Array>,
  scanner: JsonLinesScanner | JsonArrayScanner,
): AsyncGenerator<JsonRow[]> {
  for await (const { text, badLines } of decodeUtf8(source)) {
    const rows = scanner.push(text, badLines);
    if (rows.length > 0) yield rows;
  }
  const rows = scanner.end();
  if (rows.length > 0) yield rows;
}

/** One object a line. `keys`: those that records are expected to have, in the order they are wanted. */
export const readJsonLines = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  largestRow = LARGEST_ROW,
): AsyncGenerator<JsonRow[]> => scan(source, new JsonLinesScanner(compileFlatRecord(keys), largestRow));

/** One array of objects. */
export const readJsonArray = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  largestRow = LARGEST_ROW,
): AsyncGenerator<JsonRow[]> => scan(source, new JsonArrayScanner(compileFlatRecord(keys), largestRow));
