import { createReadStream } from 'node:fs';
import pl from 'nodejs-polars';
import { collectFindings, type FindingCollector } from '../checks/collect-findings';
import { toCanonicalColumn } from '../checks/compile-column';
import type { Table } from '../definition/pipeline';
import { STRICT_HEADER } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { DeclaredFrameTransform, TransformContext } from '../definition/transform';
import { TransformError } from '../errors';
import { scanArrow, toPolarsColumn } from './polars-frame';
import { judgedColumns } from './judged-columns';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import { transformedFormat, writeTransformed } from './transformed-file';
import { transformErrors } from './transform-errors';

type LazyFrame = ReturnType<typeof scanArrow>;

/** Which of the declared columns a frame does not have, and which it has beside them. */
export function compareNames(
  frame: LazyFrame,
  declared: readonly Column[],
): { missing: string[]; extra: string[] } {
  const present = frame.columns;
  const names = declared.map((column) => column.name);
  return {
    missing: names.filter((name) => !present.includes(name)),
    extra: present.filter((name) => !names.includes(name)),
  };
}

const isLazyFrame = (value: unknown): value is LazyFrame =>
  typeof value === 'object' && value !== null && 'sinkCSV' in value && typeof value.sinkCSV === 'function';

/** What a transform gave as a lazy frame, if it is a frame. */
export function toLazyFrame(value: unknown): LazyFrame | undefined {
  if (isLazyFrame(value)) return value;
  const isFrame = typeof value === 'object' && value !== null && pl.DataFrame.isDataFrame(value);
  return isFrame ? value.lazy() : undefined;
}

/**
 * Runs the table's transform over an Arrow file and writes what comes out to `outputPath`.
 *
 * @throws TransformError when the transform fails or its columns are not the declared ones
 */
export async function runTransform(
  inputPath: string,
  outputPath: string,
  table: Table,
  { columns: declared, apply }: DeclaredFrameTransform,
  context: TransformContext,
): Promise<void> {
  const errors = transformErrors(table, context);
  const columns = Object.fromEntries(table.columns.map(({ name }) => [name, pl.col(name)]));
  try {
    const given = await apply({ frame: scanArrow(inputPath, table.columns), columns, pl, context });
    const result = toLazyFrame(given);
    if (!result) throw errors.notAFrame();
    const { missing, extra } = compareNames(result, declared);
    if (missing.length > 0 || extra.length > 0) throw errors.wrongColumns(missing, extra);
    await writeTransformed(result, outputPath, declared);
  } catch (error) {
    throw error instanceof TransformError ? error : errors.failed(error);
  }
}

/**
 * The rows that a transform gave, judged by `transform.columns`.
 * @throws TransformError at the end, naming each column and the first rows that are not as declared
 */
export async function* readTransformedRows(
  path: string,
  table: Table,
  context: TransformContext,
): AsyncGenerator<RowBatch> {
  const findings: FindingCollector = collectFindings(table.name, context.file);
  const declared = judgedColumns(table);
  const format = transformedFormat(declared);
  const columns = declared.map(format.name === 'csv' ? toPolarsColumn : toCanonicalColumn);
  yield* readTableRows(createReadStream(path), { format, header: STRICT_HEADER, columns }, findings);
  if (findings.size > 0) throw transformErrors(table, context).wrongValues(findings.list());
}
