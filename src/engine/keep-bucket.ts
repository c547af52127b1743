import { createReadStream } from 'node:fs';
import pl from 'nodejs-polars';
import { collectFindings } from '../checks/collect-findings';
import { asHeld } from '../checks/compile-column';
import { parquet } from '../definition/format';
import { STRICT_HEADER } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { readTableRows } from './read-table-rows';
import { isOfBucket } from './select-bucket';
import { tableKey } from './table-key';
import type { TaskContext } from './task-context';
import type { KeyBucket } from './tasks';

/** What Landfall wrote itself is within bounds. */
const OWN_PARQUET = parquet({
  limits: {
    unpackedBytes: Number.MAX_SAFE_INTEGER,
    ratio: Number.MAX_SAFE_INTEGER,
    rowCharacters: Number.MAX_SAFE_INTEGER,
  },
});

/** Leaves in a Parquet file here the rows whose keys are of the bucket. */
export async function keepBucket(
  path: string,
  columns: readonly Column[],
  names: readonly string[],
  bucket: KeyBucket,
  { tempFolder }: Pick<TaskContext, 'tempFolder'>,
): Promise<void> {
  const own = columns.filter(({ name }) => names.includes(name)).map(asHeld);
  const key = tableKey(names, own);
  const header = { ...STRICT_HEADER, extra: 'ignore' as const };
  const findings = collectFindings('', path);
  const kept: boolean[] = [];
  const reading = { format: OWN_PARQUET, header, columns: own, tempFolder };
  for await (const batch of readTableRows(createReadStream(path), reading, findings))
    for (let index = 0; index < batch.length; index += 1) {
      const span = key.read(batch, index);
      kept.push(span !== null && span !== undefined && isOfBucket(span, bucket));
    }
  const whole = pl.readParquet(path);
  if (findings.size > 0 || kept.length !== whole.height)
    throw new Error(`a Parquet file of Landfall's own cannot be read: ${JSON.stringify(findings.list()[0])}`);
  const mark = 'landfall_kept';
  whole
    .withColumn(pl.Series(mark, kept, pl.Bool))
    .filter(pl.col(mark))
    .drop(mark)
    .writeParquet(path, { compression: 'snappy' });
}
