import type { ObjectLocation, ObjectStore, StoredObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { IntegrityError } from '../../errors';
import { findPipeline } from '../../definition/load-pipelines';
import type { Amount } from '../../layout/delivery';
import { batchRecordKey, deliveryRecordKey } from '../../layout/log-keys';
import { recordBatch, type BatchInput } from '../batch';
import { cancellationSignal, currentRunId } from '../context';
import { contentTypeOf } from '../content-type';
import type { Dependencies } from '../dependencies';
import { sourceMetadata } from '../copy-verified';
import { readDeliveryRecord, type ArchivedRecord } from '../records';

/**
 * Copies a batch from raw-hist to raw, the transient area that transforms read from; nothing is left there of what is
 * processed already.
 * @throws IntegrityError when raw-hist has not what was archived, or raw has another object under that key
 */
export const copyToRaw =
  (dependencies: Dependencies) =>
  async (input: BatchInput): Promise<Amount> => {
    const { pipelines, store } = dependencies;
    const pipeline = findPipeline(pipelines, input.pipeline);
    const { rawHist, raw } = pipeline.areas;
    if (raw === undefined) throw new Error(`pipeline ${input.pipeline} has no raw area`);
    const { files } = await readDeliveryRecord<ArchivedRecord>(
      store,
      pipeline,
      input.fileLandTimestamp,
      'archived',
    );
    const known = new Map(files.map((file) => [file.archiveKey, file]));
    return recordBatch(
      dependencies,
      input,
      'raw',
      async ({ archiveKey: key, size }) => {
        const { sha256 = '', rows = 0 } = known.get(key) ?? {};
        const source = await store.head({ bucket: rawHist, key }, { signal: cancellationSignal() });
        if (source?.size !== size || source.metadata['landfall-sha256'] !== sha256)
          throw notInRawHist(rawHist, key);
        const target = { bucket: raw, key };
        await copyOnceToRaw(store, source, target, sha256);
        // An attempt that comes late would leave a copy that nobody deletes any more.
        if (await isProcessed(store, pipeline, input)) await removeCopy(store, target);
        return { key, rows, size };
      },
      ({ rows, size }) => ({ rows, bytes: size }),
    );
  };

async function copyOnceToRaw(
  store: ObjectStore,
  source: StoredObject,
  target: ObjectLocation,
  sha256: string,
): Promise<void> {
  const signal = cancellationSignal();
  const metadata = sourceMetadata(source, sha256);
  const contentType = contentTypeOf(target.key);
  if ((await store.copyOnce(source, target, { metadata, contentType, signal })) === 'written') return;
  const existing = await store.head(target, { signal });
  if (!existing || existing.metadata['landfall-sha256'] === sha256) return;
  throw new IntegrityError({
    happened: `raw holds another object under the key s3://${target.bucket}/${target.key}.`,
    unchanged: 'It was not overwritten.',
    next: 'Remove it (raw is transient; the file itself is in raw-hist) and run the pipeline again.',
  });
}

/** By this very run, or by another one that published the delivery. */
async function isProcessed(
  store: ObjectStore,
  pipeline: Pipeline,
  { fileLandTimestamp, batch }: BatchInput,
): Promise<boolean> {
  const bucket = pipeline.areas.log;
  const keys = [
    batchRecordKey(pipeline, currentRunId(), 'processed', batch),
    deliveryRecordKey(pipeline, fileLandTimestamp, 'published'),
  ];
  for (const key of keys)
    if (await store.head({ bucket, key }, { signal: cancellationSignal() })) return true;
  return false;
}

async function removeCopy(store: ObjectStore, target: ObjectLocation): Promise<void> {
  const signal = cancellationSignal();
  const copy = await store.head(target, { signal });
  if (copy) await store.delete(copy, { signal });
}

function notInRawHist(bucket: string, key: string): IntegrityError {
  return new IntegrityError({
    happened: `s3://${bucket}/${key} is missing, or is not what was archived.`,
    unchanged: 'Nothing was written.',
    next: 'Restore the object in raw-hist; find out who changed it, since only Landfall may write there.',
  });
}
