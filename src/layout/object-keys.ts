/** Where a pipeline's objects are; the bucket is the area's. */
export interface PipelineFolders {
  environment: string;
  folder: string;
  curatedFolder: string;
}

/** `production-environment/my-database-data/`: the same in land, raw-hist, raw, processed and log. */
export const pipelinePrefix = ({ environment, folder }: PipelineFolders): string =>
  `${environment}/${folder}/`;

const COMPRESSED = /\.(gz|zst)$/i;
const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/** `data.v2.csv.gz` → `['data.v2', '.csv.gz']` */
export function splitFileName(fileName: string): [stem: string, ending: string] {
  const compression = COMPRESSED.exec(fileName)?.[0] ?? '';
  const plain = fileName.slice(0, fileName.length - compression.length);
  const extension = EXTENSION.exec(plain)?.[0] ?? '';
  return [plain.slice(0, plain.length - extension.length), extension + compression];
}

function suffixed(stem: string, fileLandTimestamp: number): string {
  const suffix = `_${fileLandTimestamp}`;
  return stem.endsWith(suffix) ? stem : stem + suffix;
}

export interface FileOfDelivery {
  tableFolder: string;
  /** As it landed. */
  fileName: string;
  fileLandTimestamp: number;
}

function partitionPrefix(folders: PipelineFolders, file: FileOfDelivery): string {
  return `${pipelinePrefix(folders)}${file.tableFolder}/file_land_timestamp=${file.fileLandTimestamp}/`;
}

/** UTC epoch seconds. @returns undefined when the key is in no delivery's folder */
export function parseArchivedTimestamp(key: string): number | undefined {
  const match = /\/file_land_timestamp=([1-9]\d{0,9})\/[^/]+$/.exec(key);
  return match ? Number(match[1]) : undefined;
}

/** `…/my-table-data/file_land_timestamp=1534968800/data_1534968800.csv`: the key in raw-hist and in raw. */
export function archiveKey(folders: PipelineFolders, file: FileOfDelivery): string {
  const [stem, ending] = splitFileName(file.fileName);
  return `${partitionPrefix(folders, file)}${suffixed(stem, file.fileLandTimestamp)}${ending}`;
}

/** `…/my-table-data/file_land_timestamp=1534968800/data_1534968800.jsonl.gz` */
export function processedKey(folders: PipelineFolders, file: FileOfDelivery): string {
  const [stem] = splitFileName(file.fileName);
  return `${partitionPrefix(folders, file)}${suffixed(stem, file.fileLandTimestamp)}.jsonl.gz`;
}

/** `…/data_1534968800.part-0002.jsonl.gz`: of what a file became, what does not go into the object of `processedKey`. */
export const processedPartKey = (key: string, place: number): string =>
  place === 0 ? key : key.replace(/\.jsonl\.gz$/, `.part-${String(place + 1).padStart(4, '0')}.jsonl.gz`);

/** The key in quarantine of a file that no table claims: its own name may be what is wrong with it. */
export const unclaimedKey = (folders: PipelineFolders, fileLandTimestamp: number, place: number): string =>
  `${pipelinePrefix(folders)}unclaimed/file_land_timestamp=${fileLandTimestamp}/${place}`;

/** `production-environment/my-database/my_table/snapshot=0123456789abcdef/` */
export const snapshotPrefix = (folders: PipelineFolders, table: string, snapshot: string): string =>
  `${folders.environment}/${folders.curatedFolder}/${table}/snapshot=${snapshot}/`;

/**
 * `…/my_table/_deleted/snapshot=0123456789abcdef/data-part-0.parquet`, of the part's own key: not below the table's location,
 * since some readers take whatever is there.
 */
export const deletedKeysKey = (partKey: string): string => partKey.replace(/[^/]+\/[^/]+$/, '_deleted/$&');

/** `production-environment/my-database/`: all that is curated. */
export const curatedPrefix = ({ environment, curatedFolder }: PipelineFolders): string =>
  `${environment}/${curatedFolder}/`;

/** @returns undefined when the key is of no snapshot */
export function parseSnapshotKey(
  folders: PipelineFolders,
  key: string,
): { table: string; snapshot: string } | undefined {
  const match = /^([^/]+)\/(?:_deleted\/)?snapshot=([0-9a-f]{16})\//.exec(
    key.slice(curatedPrefix(folders).length),
  );
  return match ? { table: match[1] as string, snapshot: match[2] as string } : undefined;
}

/** The value of each partition column, in the order of the folders: as it is in the folder's name, and in Glue. */
export type PartitionValues = Readonly<Record<string, string>>;

/** `year=2024/court=London/` */
export const partitionFolder = (values: PartitionValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}/`)
    .join('');

/** `…/snapshot=0123456789abcdef/year=2024/data-part-0.parquet`, of the key that the part has without folders, if it has any. */
export function partitionedPartKey(partKey: string, values: PartitionValues = {}): string {
  const end = partKey.lastIndexOf('/') + 1;
  return `${partKey.slice(0, end)}${partitionFolder(values)}${partKey.slice(end)}`;
}

/** The key that a part would have without the folders of its partition. */
export const withoutPartition = (key: string): string =>
  key.replace(/(\/snapshot=[0-9a-f]{16}\/)(?:[a-z0-9_]+=[^/]+\/)+/, '$1');

/** `…/my_table/snapshot=0123456789abcdef/data-part-0.parquet` */
export const curatedPartKey = (
  folders: PipelineFolders,
  table: string,
  snapshot: string,
  place: number,
): string => `${snapshotPrefix(folders, table, snapshot)}data-part-${place}.parquet`;
