import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { LazyDataFrame } from 'nodejs-polars';
import type { FindingCollector } from '../checks/collect-findings';
import { asHeld } from '../checks/compile-column';
import { csv } from '../definition/format';
import { STRICT_HEADER } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { textColumn, toPolarsColumn } from './polars-frame';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';

/** What a column is read as that Polars has written as text. */
const toReadColumn = (column: Column): Column => asHeld(toPolarsColumn(column));

/**
 * Columns of rows that Landfall wrote itself, each value in canonical form, in their order.
 * @param path where their text may be meanwhile
 */
export async function* readOwnRows(
  frame: LazyDataFrame,
  columns: readonly Column[],
  path: string,
  findings: FindingCollector,
): AsyncGenerator<RowBatch> {
  await frame
    .select(...columns.map(textColumn))
    .sinkCSV(path, { maintainOrder: true })
    .collect();
  const table = { format: csv(), header: STRICT_HEADER, columns: columns.map(toReadColumn) };
  yield* readTableRows(createReadStream(path), table, findings);
  await rm(path);
}
