import type { DeclaredUpsert } from '../definition/curation';
import type { Column } from '../definition/read-column';
import { DefinitionError } from '../errors';
import { hashKey, type KeySpan } from './key-span';
import type { RowBatch } from './row-batch';
import { tableKey } from './table-key';
import type { KeyBucket, ProcessedFile } from './tasks';

// The same for good: which part has a key must not change from run to run.
const SEED = 0;

/** Whether a key is of a bucket. */
export const isOfBucket = (key: KeySpan, { place, of }: KeyBucket): boolean =>
  hashKey(key, SEED) % of === place;

/**
 * Leaves in a batch of processed rows those whose keys are of the bucket.
 * @throws DefinitionError when a row has no key: it was processed before a column of the key was declared
 */
export function bucketSelector(
  table: string,
  { key: names }: DeclaredUpsert,
  columns: readonly Column[],
  bucket: KeyBucket,
): (batch: RowBatch, file: ProcessedFile) => void {
  const key = tableKey(names, columns);
  return (batch, file) => {
    for (let index = 0; index < batch.length; index += 1) {
      const span = key.read(batch, index);
      if (span === null) throw withoutKey(table, key.column, file);
      if (span && !isOfBucket(span, bucket)) batch.passed[index] = 0;
    }
    batch.keepPassed();
  };
}

const withoutKey = (table: string, key: string, { fileLandTimestamp, bucket, key: file }: ProcessedFile) =>
  new DefinitionError({
    happened: `Table "${table}": rows of delivery ${fileLandTimestamp} (s3://${bucket}/${file}) have a null in the primary key (${key}), and with curated.upsert a null is no key. They were processed when the table was declared otherwise.`,
    unchanged: 'Nothing was published: readers see what they saw.',
    next: 'Declare the primary key (or the table) as it was, and run again; or declare another table with a folder of its own.',
  });
