import type { ObjectLocation, ObjectStore, PinnedObject } from '../adapters/object-store';
import { IntegrityError, SourceChangedError } from '../errors';
import { contentTypeOf } from './content-type';
import { cancellationSignal, isRetried } from './context';
import { verifyStored } from './verify-stored';

const LARGE_BYTES = 64 * 1024 * 1024;

/** An object's origin, as its copies carry it; S3 metadata is ASCII. */
export const sourceMetadata = (source: PinnedObject, sha256: string): Record<string, string> => ({
  'landfall-sha256': sha256,
  'landfall-source-key': encodeURIComponent(source.key),
  'landfall-source-version': encodeURIComponent(source.versionId ?? source.etag),
});

type Metadata = Readonly<Record<string, string>>;

/** What of the expected metadata an object does not carry, or carries with another value; it may carry more. */
export const differingMetadata = (found: Metadata, expected: Metadata): [name: string, value: string][] =>
  Object.entries(expected).filter(([name, value]) => found[name] !== value);

/**
 * Copies a pinned object inside the store, only where nothing is; then reads back what is stored and compares size,
 * SHA-256 and metadata. `origin` is what the copy says of where it came from.
 *
 * @throws IntegrityError when something else is there already: it stays as it is
 * @throws SourceChangedError when the source is no longer the version that was pinned
 */
export async function copyVerified(
  store: ObjectStore,
  source: PinnedObject,
  target: ObjectLocation,
  { area, origin, sha256 }: { area: string; origin: PinnedObject; sha256: string },
): Promise<void> {
  const signal = cancellationSignal();
  const metadata = sourceMetadata(origin, sha256);
  const where = `[source=s3://${source.bucket}/${source.key}, target=s3://${target.bucket}/${target.key}]`;
  // Large ones are not copied again in vain.
  const mayBeThere = source.size >= LARGE_BYTES || isRetried();
  try {
    const options = { metadata, contentType: contentTypeOf(origin.key), signal };
    if (!mayBeThere || !(await store.head(target, { signal }))) await store.copyOnce(source, target, options);
  } catch (error) {
    // An attempt that comes late finds its source deleted, because the copy was made.
    if (!(error instanceof SourceChangedError) || !(await store.head(target, { signal }))) throw error;
  }
  const opened = await store.open(target, { signal });
  if (!opened || differingMetadata(opened.stored.metadata, metadata).length > 0) {
    opened?.body.destroy();
    throw new IntegrityError({
      happened: `${area} holds another object under the key of this delivery ${where}.`,
      unchanged: 'It was not overwritten, and land is as it was.',
      next: `Find out who else writes to ${area}: only Landfall may. Then run the pipeline again.`,
    });
  }
  await verifyStored(opened, { size: source.size, sha256 });
}
