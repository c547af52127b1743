import type { ObjectLocation, ObjectStore, PinnedObject } from '../../adapters/object-store';
import { IntegrityError } from '../../errors';
import type { Amount } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { recordBatch, type BatchInput } from '../batch';
import { cancellationSignal, currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { findRecord, type ArchivedFile, type CheckedFile } from '../records';
import { contentTypeOf } from '../content-type';
import { verifyStored } from '../verify-stored';

/** An object's origin, as its copies carry it; S3 metadata is ASCII. */
export const sourceMetadata = (source: PinnedObject, sha256: string): Record<string, string> => ({
  'landfall-sha256': sha256,
  'landfall-source-key': encodeURIComponent(source.key),
  'landfall-source-version': encodeURIComponent(source.versionId ?? source.etag),
});

/**
 * Copies each checked file of a batch to raw-hist, inside the store, only the version that was checked, only where
 * nothing is; then reads back what is stored and compares size, SHA-256 and metadata.
 *
 * @throws IntegrityError when raw-hist holds something else under that key: it stays as it is
 * @throws SourceChangedError when the landed file is no longer the one that was checked
 */
export const copyToRawHist =
  (dependencies: Dependencies) =>
  async (input: BatchInput): Promise<Amount> => {
    const checked = new Map<string, CheckedFile>();
    return recordBatch<ArchivedFile>(
      dependencies,
      input,
      'raw-hist',
      async (file, pipeline) => {
        if (checked.size === 0) {
          const key = batchRecordKey(pipeline, currentRunId(), 'check', input.batch);
          const record = await findRecord<{ files: CheckedFile[] }>(
            dependencies.store,
            pipeline.areas.log,
            key,
          );
          for (const each of record?.files ?? []) checked.set(each.key, each);
        }
        const { sha256, rows, findings } = requireChecked(checked, file.key);
        if (findings.length > 0) throw new Error(`${file.key} did not pass its check and must not be copied`);
        const source = { ...file, bucket: pipeline.areas.land };
        await copyAndVerify(
          dependencies.store,
          source,
          { bucket: pipeline.areas.rawHist, key: file.archiveKey },
          sha256,
        );
        return { ...file, sha256, rows };
      },
      ({ rows, size }) => ({ rows, bytes: size }),
    );
  };

function requireChecked(checked: ReadonlyMap<string, CheckedFile>, key: string): CheckedFile {
  const file = checked.get(key);
  if (file) return file;
  throw new IntegrityError({
    happened: `There is no record that ${key} was checked.`,
    unchanged: 'Nothing was copied, and land is as it was.',
    next: 'Run the pipeline again; it checks the delivery anew.',
  });
}

async function copyAndVerify(
  store: ObjectStore,
  source: PinnedObject,
  target: ObjectLocation,
  sha256: string,
): Promise<void> {
  const signal = cancellationSignal();
  const metadata = sourceMetadata(source, sha256);
  const where = `[source=s3://${source.bucket}/${source.key}, target=s3://${target.bucket}/${target.key}]`;
  // An attempt that comes late finds the copy made, and its source perhaps deleted; it need not copy again.
  if (!(await store.head(target, { signal }))) {
    await store.copyOnce(source, target, { metadata, contentType: contentTypeOf(source.key), signal });
  }
  const stored = await store.head(target, { signal });
  const isOurs = stored && Object.entries(metadata).every(([name, value]) => stored.metadata[name] === value);
  if (!isOurs) {
    throw new IntegrityError({
      happened: `raw-hist holds another object under the key of this delivery ${where}.`,
      unchanged: 'It was not overwritten, and land is as it was.',
      next: 'Find out who else writes to raw-hist: only Landfall may. Then run the pipeline again.',
    });
  }
  await verifyStored(store, { ...stored, ...target }, { size: source.size, sha256 }, signal);
}
