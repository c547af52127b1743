import type { Table } from '../definition/pipeline';
import { IntegrityError } from '../errors';
import { readArchivedRows, type RowSink } from './read-archived-rows';
import type { ReadingContext } from './task-context';
import type { ProcessedFile } from './tasks';

/** A file in raw-hist. */
export type ArchivedFile = ProcessedFile & { fileName: string };

export const isArchived = (file: ProcessedFile): file is ArchivedFile => file.fileName !== undefined;

/**
 * The rows of one archived file, proved to be the rows that landed, as they would be processed without a transform.
 * @throws IntegrityError when the object is missing, or its bytes or rows are other than recorded; when they do not pass
 * as the table is declared now
 */
export async function readArchivedFile(
  file: ArchivedFile,
  { pipeline, table }: { pipeline: string; table: Table },
  sink: RowSink,
  context: ReadingContext,
): Promise<void> {
  const { bucket, key, fileName, contentSha256: sha256 } = file;
  const fail = (happened: string): IntegrityError =>
    new IntegrityError({
      happened: `s3://${bucket}/${key} ${happened}.`,
      unchanged: 'What is published is as it was.',
      next: 'Restore the object in raw-hist; find out who changed it, since only Landfall may write there.',
    });
  const open: ReadingContext['store']['open'] = async (location) => {
    const opened = await context.store.open(location);
    if (!opened) throw fail('is not there, though it was archived');
    return opened;
  };
  const rows = await readArchivedRows(
    { pipeline, source: { bucket, key }, sha256, fileName },
    table,
    sink,
    undefined,
    { ...context, store: { ...context.store, open } },
  );
  if (rows !== file.rows) throw fail(`has ${rows} rows, but ${file.rows} landed`);
}
