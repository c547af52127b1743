import type { ObjectLocation, StoredObject } from '../adapters/object-store';
import { IntegrityError } from '../errors';
import { deletedKeysKey } from '../layout/object-keys';
import type { DeletedKeys, Merged, Part, WriteCuratedPartTask } from './tasks';

/** What a part says of itself, beside its rows. */
export const curatedMetadata = (
  {
    sha256,
    rows,
    content,
    merged,
    deletedKeys,
  }: Pick<Part, 'sha256' | 'rows' | 'content' | 'merged' | 'deletedKeys'>,
  version: string,
): Record<string, string> => ({
  'landfall-sha256': sha256,
  'landfall-content': content,
  'landfall-rows': String(rows),
  ...(merged && { 'landfall-merged': JSON.stringify(merged) }),
  ...(deletedKeys && { 'landfall-deleted-keys': JSON.stringify(toTold(deletedKeys)) }),
  'landfall-version': encodeURIComponent(version),
});

type ToldKeys = Omit<DeletedKeys, 'key'>;

/** Their own key follows from the part's, also in another snapshot. */
const toTold = ({ bytes, sha256, rows }: DeletedKeys): ToldKeys => ({ bytes, sha256, rows });

/** What a Parquet file says of itself, to whoever reads its footer; the version is that which wrote the file. */
export function describePart({
  pipeline,
  table,
  version,
  inputs,
  base,
}: WriteCuratedPartTask): Record<string, string> {
  const deliveries = [...inputs, ...(base ? [base] : [])].flatMap((input) =>
    'first' in input ? [input.first, input.last] : [input.fileLandTimestamp],
  );
  return {
    ...{ 'landfall.pipeline': pipeline, 'landfall.table': table, 'landfall.version': version },
    ...(deliveries.length > 0 && {
      'landfall.first_file_land_timestamp': String(Math.min(...deliveries)),
      'landfall.last_file_land_timestamp': String(Math.max(...deliveries)),
    }),
  };
}

interface WantedPart {
  content: string;
  /** Not known of what SQL gives, nor of how many keys there are. */
  rows?: number | undefined;
}

/** @returns undefined where the object is another one than the part that is wanted */
export function recognisePart(
  { key, size: bytes, metadata }: StoredObject,
  { content, rows }: WantedPart,
): Part | undefined {
  const { 'landfall-sha256': sha256, 'landfall-rows': held, 'landfall-merged': merged } = metadata;
  const { 'landfall-deleted-keys': deleted } = metadata;
  const isWanted = metadata['landfall-content'] === content && (rows === undefined || held === String(rows));
  if (!isWanted || sha256 === undefined) return undefined;
  return {
    ...{ key, bytes, sha256, rows: Number(held), content },
    ...(merged !== undefined && { merged: JSON.parse(merged) as Merged }),
    ...(deleted !== undefined && {
      deletedKeys: { key: deletedKeysKey(key), ...(JSON.parse(deleted) as ToldKeys) },
    }),
  };
}

/** Whether it is the file that was recorded, by its size and the SHA-256 that it carries; bytes are not read. */
export const isAsRecorded = (
  { size, metadata }: Pick<StoredObject, 'size' | 'metadata'>,
  { bytes, sha256 }: Pick<Part, 'bytes' | 'sha256'>,
): boolean => size === bytes && metadata['landfall-sha256'] === sha256;

/** @throws IntegrityError where it is another one */
export function requirePart(
  stored: StoredObject | undefined,
  target: ObjectLocation,
  { table, bytes, ...wanted }: WantedPart & { table: string; bytes?: number },
): Part {
  const part = stored && recognisePart(stored, wanted);
  if (part && (bytes === undefined || part.bytes === bytes)) return part;
  throw otherPart(target, table);
}

const otherPart = ({ bucket, key }: ObjectLocation, table: string): IntegrityError =>
  new IntegrityError({
    happened: `s3://${bucket}/${key} is there already and holds other rows than table "${table}" has now.`,
    unchanged: 'It was left as it is; what is published is as it was.',
    next: 'Run again: a publish writes to a folder of its own, so this one was used by something else.',
  });
