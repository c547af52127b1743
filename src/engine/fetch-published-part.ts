import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ObjectLocation } from '../adapters/object-store';
import { IntegrityError } from '../errors';
import type { ReadingContext } from './task-context';

/** @param unchanged what is still as it was */
export const damagedPart = (
  { bucket, key }: ObjectLocation,
  happened: string,
  unchanged: string,
): IntegrityError =>
  new IntegrityError({
    happened: `s3://${bucket}/${key}, which is published, ${happened}.`,
    unchanged,
    next: 'Find out who changes the curated area: only Landfall may write there. Then run again.',
  });

/**
 * Brings a published Parquet file here.
 * @param part `sha256`: hexadecimal, of the whole file
 * @throws IntegrityError when it is missing, or is not what was published
 */
export async function fetchPublishedPart(
  part: ObjectLocation & { sha256: string },
  path: string,
  unchanged: string,
  { store }: Pick<ReadingContext, 'store'>,
): Promise<void> {
  const opened = await store.open(part);
  if (!opened) throw damagedPart(part, 'is not there', unchanged);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(opened.body, hashing, createWriteStream(path));
  if (hash.digest('hex') !== part.sha256)
    throw damagedPart(part, 'has other content than was published', unchanged);
}
