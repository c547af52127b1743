import type { Readable } from 'node:stream';
import { collectFindings } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { compileRowChecks } from './check-whole-rows';
import { nameOfLanded } from './landed-name';
import { readAhead } from './read-ahead';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import type { ReadingContext } from './task-context';
import type { LandedFile } from './tasks';
import { unpackSource } from './unpack-source';

/**
 * The columns that are read where only keys are wanted: all of them where it takes all to know that a row is rejected,
 * and of JSON, which is read the quick way only when all of its keys are known.
 */
export function columnsForKeys(table: Table, names: readonly string[]): readonly Column[] {
  return table.format.name === 'csv' && table.format.header && !table.rejects
    ? table.columns.filter(({ name }) => names.includes(name))
    : table.columns;
}

export interface KeyReading {
  read: (file: LandedFile) => Promise<Readable>;
  tempFolder: string;
  pipeline: string;
}

export const readLandedAhead = (
  files: readonly LandedFile[],
  { store }: Pick<ReadingContext, 'store'>,
): KeyReading['read'] =>
  readAhead(
    files,
    ({ size }) => size,
    (file) => store.read(file),
  );

/**
 * The rows of a landed file again, for their keys; what else is wrong with it has been found by its check. A row that
 * will be left out takes no key, and nothing can refer to it.
 */
export async function* readKeyRows(
  object: LandedFile,
  table: Table,
  columns: readonly Column[],
  { read, tempFolder, pipeline }: KeyReading,
): AsyncGenerator<RowBatch> {
  const { format, rejects } = table;
  const ignored = collectFindings(table.name, object.key);
  const isWhole = columns.length === table.columns.length;
  const header = isWhole
    ? table.header
    : { ...table.header, order: 'any' as const, extra: 'ignore' as const };
  const file = nameOfLanded(object);
  const body = await read(object);
  try {
    const source = unpackSource(file, body, ignored, format);
    // What rejects rows reads all columns, which row checks need.
    const rowPasses = rejects && compileRowChecks(table, ignored);
    const parsedFile = { pipeline, table: table.name, file };
    const reading = { format, header, columns, tempFolder, parsedFile };
    for await (const batch of readTableRows(source, reading, ignored, rowPasses)) {
      if (rejects) batch.keepPassed();
      yield batch;
    }
  } finally {
    body.destroy();
  }
}
