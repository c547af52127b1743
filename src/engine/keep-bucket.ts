import { join } from 'node:path';
import pl from 'nodejs-polars';
import { collectFindings } from '../checks/collect-findings';
import type { Column } from '../definition/read-column';
import { readOwnRows } from './read-own-parquet';
import { isOfBucket } from './select-bucket';
import { scanPartition } from './polars-frame';
import { tableKey } from './table-key';
import type { TaskContext } from './task-context';
import type { HeldRows, KeyBucket } from './tasks';

const MARK = 'landfall_kept';

/** Leaves in a Parquet file here the rows whose keys are of the bucket. */
export async function keepBucket(
  { path, partition }: Pick<HeldRows, 'partition'> & { path: string },
  columns: readonly Column[],
  names: readonly string[],
  bucket: KeyBucket,
  { tempFolder }: Pick<TaskContext, 'tempFolder'>,
): Promise<void> {
  const own = columns.filter(({ name }) => names.includes(name));
  const key = tableKey(names, own);
  const findings = collectFindings('', path);
  const kept: boolean[] = [];
  const rows = scanPartition(path, own, partition);
  for await (const batch of readOwnRows(rows, own, join(tempFolder, 'keys.csv'), findings))
    for (let index = 0; index < batch.length; index += 1) {
      const span = key.read(batch, index);
      kept.push(span !== null && span !== undefined && isOfBucket(span, bucket));
    }
  const whole = pl.readParquet(path);
  if (findings.size > 0 || kept.length !== whole.height)
    throw new Error('the keys of a Parquet file that Landfall wrote cannot be read');
  whole
    .withColumn(pl.Series(MARK, kept, pl.Bool))
    .filter(pl.col(MARK))
    .drop(MARK)
    .writeParquet(path, { compression: 'snappy' });
}
