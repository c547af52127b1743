import { IntegrityError } from '../../errors';
import { findPipeline } from '../../definition/load-pipelines';
import type { Amount } from '../../layout/delivery';
import { recordBatch, type BatchInput } from '../batch';
import { cancellationSignal } from '../context';
import { contentTypeOf } from '../content-type';
import type { Dependencies } from '../dependencies';
import { sourceMetadata } from '../raw-hist/copy-to-raw-hist';
import { readDeliveryRecord, type ArchivedRecord } from '../records';

/** Copies a batch from raw-hist to raw, the transient area that transforms read from. */
export const copyToRaw =
  (dependencies: Dependencies) =>
  async (input: BatchInput): Promise<Amount> => {
    const { pipelines, store } = dependencies;
    const { areas } = findPipeline(pipelines, input.pipeline);
    if (areas.raw === undefined) throw new Error(`pipeline ${input.pipeline} has no raw area`);
    const bucket = areas.raw;
    const archived = await readDeliveryRecord<ArchivedRecord>(
      store,
      findPipeline(pipelines, input.pipeline),
      input.fileLandTimestamp,
      'archived',
    );
    const known = new Map(archived.files.map((file) => [file.archiveKey, file]));
    return recordBatch(
      dependencies,
      input,
      'raw',
      async ({ archiveKey: key, size }) => {
        const signal = cancellationSignal();
        const { sha256 = '', rows = 0 } = known.get(key) ?? {};
        const source = await store.head({ bucket: areas.rawHist, key }, { signal });
        if (source?.size !== size || source.metadata['landfall-sha256'] !== sha256)
          throw notInRawHist(areas.rawHist, key);
        const target = { bucket, key };
        const metadata = sourceMetadata({ ...source, bucket: areas.rawHist, key }, sha256);
        const outcome = await store.copyOnce(source, target, {
          metadata,
          contentType: contentTypeOf(key),
          signal,
        });
        if (
          outcome === 'exists' &&
          (await store.head(target, { signal }))?.metadata['landfall-sha256'] !== sha256
        ) {
          throw new IntegrityError({
            happened: `raw holds another object under the key s3://${bucket}/${key}.`,
            unchanged: 'It was not overwritten.',
            next: 'Remove it (raw is transient; the file itself is in raw-hist) and run the pipeline again.',
          });
        }
        return { key, rows, size };
      },
      ({ rows, size }) => ({ rows, bytes: size }),
    );
  };

function notInRawHist(bucket: string, key: string): IntegrityError {
  return new IntegrityError({
    happened: `s3://${bucket}/${key} is missing, or is not what was archived.`,
    unchanged: 'Nothing was written.',
    next: 'Restore the object in raw-hist; find out who changed it, since only Landfall may write there.',
  });
}
