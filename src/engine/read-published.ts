import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { collectFindings } from '../checks/collect-findings';
import { asHeld } from '../checks/compile-column';
import { describeFinding } from '../checks/describe-finding';
import { csv } from '../definition/format';
import { STRICT_HEADER } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { damagedPart, fetchPublishedPart } from './fetch-published-part';
import { scanPartition, toPolarsColumn } from './polars-frame';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import type { ReadingContext } from './task-context';
import type { PublishedPart } from './tasks';

const UNCHANGED = 'Nothing of the delivery was moved.';

/**
 * The rows of one published Parquet file, of which only some columns are wanted.
 * @throws IntegrityError when it is missing, or is not what was published
 */
export async function* readPublishedRows(
  part: PublishedPart,
  columns: readonly Column[],
  context: ReadingContext,
): AsyncGenerator<RowBatch> {
  const parquet = join(context.tempFolder, 'published.parquet');
  const text = join(context.tempFolder, 'published.csv');
  await fetchPublishedPart(part, parquet, UNCHANGED, context);
  const names = columns.map(({ name }) => pl.col(name));
  await scanPartition(parquet, columns, part.partition)
    .select(names)
    .sinkCSV(text, { maintainOrder: true })
    .collect();
  await rm(parquet);
  const held = columns.map((column) => asHeld(toPolarsColumn(column)));
  const findings = collectFindings('', part.key);
  let rows = 0;
  const table = { format: csv(), header: STRICT_HEADER, columns: held };
  for await (const batch of readTableRows(createReadStream(text), table, findings)) {
    rows += batch.length;
    yield batch;
  }
  await rm(text);
  const [finding] = findings.list();
  const fail = (happened: string) => damagedPart(part, happened, UNCHANGED);
  if (finding) throw fail(`cannot be read: ${describeFinding(finding, rows).replace(/\.$/, '')}`);
  if (rows !== part.rows) throw fail(`has ${rows} rows, but ${part.rows} were published`);
}
