import { decodeUtf8 } from './decode-utf8';
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

/** One object a line. */
export const readJsonLines = (source: AsyncIterable<Uint8Array>, largestRow = LARGEST_ROW): AsyncGenerator<JsonRow[]> =>
  scan(source, new JsonLinesScanner(largestRow));

/** One array of objects. */
export const readJsonArray = (source: AsyncIterable<Uint8Array>, largestRow = LARGEST_ROW): AsyncGenerator<JsonRow[]> =>
  scan(source, new JsonArrayScanner(largestRow));
