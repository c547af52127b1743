import { collectFindings } from '../checks/collect-findings';
import { toCanonicalColumn } from '../checks/compile-column';
import { compileJsonColumn, type JsonReader } from '../checks/compile-json-column';
import type { JsonValue } from '../checks/json-value';
import type { Table } from '../definition/pipeline';
import type { DeclaredRowTransform, TransformContext } from '../definition/transform';
import { TransformError } from '../errors';
import { compileRowDecoder } from './decode-row';
import { compileObjectEncoder } from './encode-value';
import { holdsSensitive, judgedColumns } from './judged-columns';
import { ignoreRejection, isRowLike } from './is-promise';
import type { RowSink } from './read-archived-rows';
import { RowBatch } from './row-batch';
import { tellOnceInRow } from './tell-once-in-row';
import { transformErrors, type RowPlace } from './transform-errors';

const LARGEST_BATCH = 1024 * 1024;
/** So that rows of nulls, which take no bytes, end a batch too. */
const MOST_VALUES = 64 * 1024;

type TransformErrors = ReturnType<typeof transformErrors>;

/** The rows that a row function has made of one. @throws TransformError when it gave anything else */
function rowsOf(
  returned: unknown,
  rows: DeclaredRowTransform['rows'],
  place: RowPlace,
  errors: TransformErrors,
): readonly object[] {
  const given: readonly unknown[] =
    rows === 'kept'
      ? [returned]
      : returned === undefined
        ? []
        : Array.isArray(returned)
          ? returned
          : [returned];
  const wrong = given.findIndex((each) => !isRowLike(each));
  if (wrong === -1) return given as readonly object[];
  const value = given[wrong];
  ignoreRejection(value);
  throw errors.notARow(place, value, Array.isArray(returned) && rows === 'changed');
}

export interface RowTransformer extends RowSink {
  /** @throws TransformError when the function failed, or gave what `transform.columns` does not allow */
  end(): Promise<void>;
}

/**
 * Gives each row that has passed to the table's row function and hands on, strictly judged, what it returns, holding no
 * more than a batch. What is wrong is told at the end only, since until then nobody knows that the archived bytes are the
 * ones that were checked; a function that throws is not called again.
 */
export function createRowTransformer(
  table: Table,
  { row: transformRow, rows }: DeclaredRowTransform,
  context: TransformContext,
  sink: RowSink,
): RowTransformer {
  const errors = transformErrors(table, context);
  const columns = judgedColumns(table).map((column) => ({ ...toCanonicalColumn(column), nullTexts: [] }));
  const findings = collectFindings(table.name, context.file, { hidesUnknownNames: holdsSensitive(table) });
  const teller = tellOnceInRow(findings);
  const decode = compileRowDecoder(table.columns);
  const encode = compileObjectEncoder(columns);
  const readers = columns.map(compileJsonColumn);
  const made = new RowBatch(columns.length);
  let failure: unknown;

  const transform = (batch: RowBatch, index: number, place: RowPlace): (JsonValue | undefined)[][] => {
    const row = decode((column) => batch.text(index, column));
    try {
      return rowsOf(transformRow(row, context), rows, place, errors).map((each) => encode(each, teller.tell));
    } catch (error) {
      failure = error instanceof TransformError ? error : errors.rowFailed(place, error);
      return [];
    }
  };
  const add = (encoded: readonly (JsonValue | undefined)[], { row, line }: RowPlace): void => {
    const at = made.begin(row, line);
    for (let column = 0; column < readers.length; column += 1) {
      const value = encoded[column];
      const read = value === undefined ? undefined : (readers[column] as JsonReader)(value, teller.tell);
      made.set(at + column * 2, read);
    }
    // The rest is only judged.
    if (findings.size > 0) made.clear(made.bytes, 0);
  };
  const flush = async (): Promise<void> => {
    await sink.write(made);
    made.clear(made.bytes, 0);
  };

  return {
    async write(batch) {
      for (let index = 0; index < batch.length && failure === undefined; index += 1) {
        if (batch.passed[index] === 0) continue;
        const place = { row: batch.rows[index] as number, line: batch.lines[index] as number };
        teller.begin(place.row, place.line);
        for (const encoded of transform(batch, index, place)) {
          add(encoded, place);
          if (made.used >= LARGEST_BATCH || made.length * made.width >= MOST_VALUES) await flush();
        }
      }
    },
    async end() {
      if (findings.size > 0) throw errors.wrongRows(findings.list());
      if (failure !== undefined) throw failure;
      if (made.length > 0) await flush();
    },
  };
}
