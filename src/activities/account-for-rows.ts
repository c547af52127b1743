import type { Pipeline } from '../definition/pipeline';
import { IntegrityError } from '../errors';
import type { ProcessedFileRecord } from './records';
import type { FileReport } from './report/report';

/**
 * What became of a file's rows: landed + added by transform = processed + rejected.
 * @throws IntegrityError when rows were added or left out and the table's transform does not declare it
 */
export function accountForRows(pipeline: Pipeline, file: ProcessedFileRecord): FileReport['rows'] {
  // All of them go on to curated, or it would have been refused.
  if (file.isUnprocessed)
    return { landed: file.rows, processed: file.rows, rejected: 0, addedByTransform: 0 };
  const rejected = file.rejectedRows ?? 0;
  const processed = file.objects.reduce((sum, { rows }) => sum + rows, 0);
  const difference = processed + rejected - file.rows;
  const mayChange = pipeline.tables.find(({ name }) => name === file.table)?.transform?.rows === 'changed';
  if (difference !== 0 && !mayChange) {
    throw new IntegrityError({
      happened: `${file.key}: ${file.rows} rows landed, ${processed} are processed and ${rejected} rejected, and the pipeline does not allow for the difference.`,
      unchanged: 'raw-hist is as it was.',
      next: "If the transform is meant to leave rows out or add some, declare it with rows: 'changed'.",
    });
  }
  return { landed: file.rows, processed, rejected, addedByTransform: difference };
}
