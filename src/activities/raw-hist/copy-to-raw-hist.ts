import { canBeAccepted } from '../../checks/judge-delivery';
import { IntegrityError } from '../../errors';
import type { Amount } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { recordBatch, type BatchInput } from '../batch';
import { currentRunId } from '../context';
import { copyVerified } from '../copy-verified';
import type { Dependencies } from '../dependencies';
import { findRecord, type ArchivedFile, type CheckedFile } from '../records';
import { landedObject, sourceOf } from '../land/source-of';

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
      async (file, pipeline, { accepted }) => {
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
        if (!findings.every((finding) => accepted && canBeAccepted(finding)))
          throw new Error(`${file.key} did not pass its check and must not be copied`);
        const target = { bucket: pipeline.areas.rawHist, key: file.archiveKey };
        const origin = landedObject(pipeline, file);
        await copyVerified(dependencies.store, sourceOf(pipeline, file), target, {
          area: 'raw-hist',
          origin,
          sha256,
        });
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
