import { DEFAULT_LIMITS, type ContentLimits, type JsonLinesFormat } from '../definition/format';
import type { Column } from '../definition/read-column';
import { checkJsonRows, type JsonJudge } from './check-json-rows';
import { decodeText, skipByteOrderMark } from './decode-text';
import { decodeUtf8, type TextBlock } from './decode-utf8';
import { compileFlatRecord } from './parse-flat-record';
import { JsonArrayScanner } from './scan-json-array';
import { PlainJsonReader } from './read-plain-json';
import { toRowBatches, type RowBatch } from './row-batch';
import { JsonLinesScanner, parseRecord, type JsonRow } from './scan-json-lines';

export interface JsonReading {
  limits?: Pick<ContentLimits, 'rowCharacters' | 'depth'>;
  blankLines?: 'refused' | 'skipped';
}

const BECAUSE = ', which JSON is always in (RFC 8259)';

async function* scan(
  blocks: AsyncIterable<TextBlock>,
  scanner: JsonLinesScanner | JsonArrayScanner,
): AsyncGenerator<JsonRow[]> {
  for await (const { text, badLines } of blocks) {
    const rows = scanner.push(text, badLines);
    if (rows.length > 0) yield rows;
  }
  const rows = scanner.end();
  if (rows.length > 0) yield rows;
}

const decode = (source: AsyncIterable<Uint8Array>): AsyncGenerator<TextBlock> =>
  decodeText(source, 'utf-8', { because: BECAUSE });

/**
 * One object a line. `keys`: those that records are expected to have, in the order they are wanted.
 * @throws EncodingFault, as `readJsonArray` does, when a byte order mark says that it is not UTF-8
 */
export const readJsonLines = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  { limits = DEFAULT_LIMITS, blankLines = 'refused' }: JsonReading = {},
): AsyncGenerator<JsonRow[]> =>
  scan(decode(source), new JsonLinesScanner(compileFlatRecord(keys), limits, blankLines === 'skipped'));

/** One array of objects. */
export const readJsonArray = (
  source: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  { limits = DEFAULT_LIMITS }: JsonReading = {},
): AsyncGenerator<JsonRow[]> => scan(decode(source), new JsonArrayScanner(compileFlatRecord(keys), limits));

/**
 * The rows of a file of one object a line, judged: lines as most programs write them from their bytes, all others as text.
 * @throws EncodingFault when a byte order mark says that it is not UTF-8
 */
export async function* readJsonLinesRows(
  source: AsyncIterable<Uint8Array>,
  columns: readonly Column[],
  { limits, blankLines }: JsonLinesFormat,
  judge: JsonJudge,
): AsyncGenerator<RowBatch> {
  const parseFlat = compileFlatRecord(columns.map(({ header }) => header));
  const parse = (line: string) => parseRecord(line, parseFlat, limits.depth);
  const plain = new PlainJsonReader(columns, judge, parse, limits.rowCharacters);
  yield* plain.read(await skipByteOrderMark(source, 'utf-8', BECAUSE));
  if (!plain.rest) return;
  const scanner = new JsonLinesScanner(parseFlat, limits, blankLines === 'skipped', plain.rest);
  const rows = scan(decodeUtf8(plain.rest.source), scanner);
  yield* toRowBatches(checkJsonRows(rows, judge), columns.length);
}
