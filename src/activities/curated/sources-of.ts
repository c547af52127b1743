import type { Pipeline, Table } from '../../definition/pipeline';
import type { ProcessedFile } from '../../engine/tasks';
import { DefinitionError } from '../../errors';
import type { IndexedFile } from './processed-index';

/**
 * What the rows of a delivered file are curated from: its objects in processed or, where the table is made of raw-hist or was
 * when the file was delivered, the file as it is archived.
 * @throws DefinitionError where it was not processed, and the table has a transform by now
 */
export function sourcesOf(
  { areas }: Pipeline,
  table: Table,
  fileLandTimestamp: number,
  { archive, objects, isTransient, version }: IndexedFile,
): ProcessedFile[] {
  if (table.source === 'processed' && objects.length > 0)
    return objects.map((object) => ({
      ...{ bucket: areas.processed, ...object, fileLandTimestamp },
      ...(isTransient ? { isTransient } : {}),
    }));
  if (table.transform) throw notTransformed(table, fileLandTimestamp, archive.key);
  const { sha256: contentSha256, ...file } = archive;
  const kept = table.mode === 'delta' ? { isTransient: true as const, curatedBy: version } : {};
  return [{ bucket: areas.rawHist, ...file, fileLandTimestamp, contentSha256, ...kept }];
}

const notTransformed = ({ name }: Table, fileLandTimestamp: number, file: string): DefinitionError =>
  new DefinitionError({
    happened: `Table "${name}" has a transform, through which ${file} of delivery ${fileLandTimestamp} has not gone: it was curated from raw-hist (curated.source) and never processed.`,
    unchanged: 'Nothing was published: readers see the table as it was, and raw-hist keeps every file.',
    next: 'Leave the transform out, as it was, or change rows in curated.transform. Or declare another table with the transform and a folder of its own, and land the files there again that raw-hist keeps.',
  });
