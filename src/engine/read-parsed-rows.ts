import type { FindingCollector } from '../checks/collect-findings';
import type { ParsedRecord, ParserContext } from '../definition/custom-format';
import { ignoreRejection } from './is-promise';
import { ParsedRecordJudge, type ParsedTable } from './judge-parsed-record';
import { describeKind, ParsedReject, ParsedRow } from './parsed-record';
import { ParserBytes } from './parser-bytes';
import { describeParserFailure, parserError } from './parser-errors';
import type { RowVerdict, TableRow } from './table-row';

const MOST_ROWS = 1024;
/** In UTF-16 units; beyond them a batch is ended. */
const MOST_CHARACTERS = 1024 * 1024;

const MAKERS: Pick<ParserContext, 'row' | 'reject'> = {
  row: (texts, place) => new ParsedRow(texts, place) as unknown as ParsedRecord,
  reject: (reason, place) => new ParsedReject(reason, place) as unknown as ParsedRecord,
};

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

class ParserFailure {
  constructor(readonly cause: unknown) {}
}

function startParser(
  { format, parsedFile }: ParsedTable,
  bytes: ParserBytes,
): AsyncIterator<unknown> | ParserFailure {
  let records: unknown;
  try {
    records = format.parse(bytes, { ...parsedFile, ...MAKERS });
  } catch (cause) {
    return new ParserFailure(cause);
  }
  if (isAsyncIterable(records)) return records[Symbol.asyncIterator]();
  ignoreRejection(records);
  throw parserError(parsedFile, `returned ${describeKind(records)}, where an async function* yields records`);
}

/** @returns what the parser failed with, if it did */
async function* judgeRecords(
  records: AsyncIterator<unknown>,
  judge: ParsedRecordJudge,
): AsyncGenerator<TableRow[], ParserFailure | undefined> {
  let batch: TableRow[] = [];
  let characters = 0;
  let end: ParserFailure | undefined;
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = await records.next();
      if (next.done) break;
    } catch (cause) {
      end = new ParserFailure(cause);
      break;
    }
    batch.push(judge.judge(next.value));
    characters += judge.characters;
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
  return end;
}

/** Where the rows are not wanted any more: what the parser does about it changes nothing. */
async function endParser(records: AsyncIterator<unknown>): Promise<void> {
  try {
    await records.return?.();
  } catch {
    // Something else is told already.
  }
}

/**
 * The rows that the table's parser gives, judged; no more of them are held than a batch. What the parser throws is a
 * finding, since a file that is not as agreed makes it do so; what is wrong with its bytes is told as that of any file.
 *
 * @throws DefinitionError when it gives what no parser may, whatever is in the file
 */
export async function* readParsedRows(
  source: AsyncIterable<Uint8Array>,
  table: ParsedTable,
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): AsyncGenerator<TableRow[]> {
  const bytes = new ParserBytes(source, findings);
  const judge = new ParsedRecordJudge(table, findings, rowPasses);
  let running: AsyncIterator<unknown> | undefined;
  try {
    let end: AsyncIterator<unknown> | ParserFailure | undefined = startParser(table, bytes);
    if (!(end instanceof ParserFailure)) {
      running = end;
      end = yield* judgeRecords(running, judge);
      running = undefined;
    }
    if (end && !bytes.failure && !bytes.areBroken) {
      const received = describeParserFailure(end.cause, judge.rows, table.columns);
      findings.addToFile('parser-failed', { received });
    }
    await bytes.drain();
  } finally {
    if (running) await endParser(running);
    await bytes.close();
  }
}
