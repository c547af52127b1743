import { archiveKey, type PipelineFolders } from './object-keys';

/** The folder of raw-hist in which markers and suppliers' manifests are archived, beside those of the tables. */
export const DELIVERY_NOTES_FOLDER = 'delivery-notes';

const PARTITION = /(^|\/)file_land_timestamp=([1-9]\d{0,9})\/(?=[^/]+$)/;

/** A path below the pipeline's folder, without the partition before its file name, and the timestamp that this carried. */
export function splitPartition(path: string): { path: string; carriedTimestamp: number | undefined } {
  const carried = PARTITION.exec(path)?.[2];
  return {
    path: path.replace(PARTITION, '$1'),
    carriedTimestamp: carried === undefined ? undefined : Number(carried),
  };
}

/**
 * `…/delivery-notes/file_land_timestamp=1534968800/orders-data-SUCCESS_1534968800` for `orders-data/_SUCCESS`: markers
 * may have names that Athena would not see, but no name in raw-hist begins so.
 */
export function noteArchiveKey(folders: PipelineFolders, path: string, fileLandTimestamp: number): string {
  const names = splitPartition(path)
    .path.split('/')
    .map((name) => name.replace(/^[_.]+/, ''));
  const fileName = names.filter(Boolean).join('-') || 'note';
  return archiveKey(folders, { tableFolder: DELIVERY_NOTES_FOLDER, fileName, fileLandTimestamp });
}
