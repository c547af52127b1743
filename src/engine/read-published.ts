import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { collectFindings } from '../checks/collect-findings';
import { describeFinding } from '../checks/describe-finding';
import type { Column } from '../definition/read-column';
import { damagedPart, fetchPublishedPart } from './fetch-published-part';
import { scanPartition } from './polars-frame';
import { readOwnRows } from './read-own-parquet';
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
  const findings = collectFindings('', part.key);
  let rows = 0;
  for await (const batch of readOwnRows(
    scanPartition(parquet, columns, part.partition),
    columns,
    text,
    findings,
  )) {
    rows += batch.length;
    yield batch;
  }
  await rm(parquet);
  const [finding] = findings.list();
  const fail = (happened: string) => damagedPart(part, happened, UNCHANGED);
  if (finding) throw fail(`cannot be read: ${describeFinding(finding, rows).replace(/\.$/, '')}`);
  if (rows !== part.rows) throw fail(`has ${rows} rows, but ${part.rows} were published`);
}
