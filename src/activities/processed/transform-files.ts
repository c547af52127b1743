import type { ObjectLocation } from '../../adapters/object-store';
import { IntegrityError } from '../../errors';
import type { Pipeline } from '../../definition/pipeline';
import type { TransformFileTask } from '../../engine/tasks';
import { findPipeline, isDelta } from '../../definition/find-pipeline';
import type { Amount } from '../../layout/delivery';
import { recordBatch, type BatchInput } from '../batch';
import { taskOptions } from '../context';
import { hasBegunToDelete } from './delete-from-processed';
import { takeBack } from './take-back';
import type { Dependencies } from '../dependencies';
import {
  readDeliveryRecord,
  type ArchivedFile,
  type ArchivedRecord,
  type ProcessedFileRecord,
} from '../records';

/** F2: writes each file of a batch to processed as `jsonl.gz`, every row with the version that made it. */
export const transformFiles =
  (dependencies: Dependencies) =>
  async (input: BatchInput): Promise<Amount> => {
    const { pipelines, store, engine, version, logger } = dependencies;
    const pipeline = findPipeline(pipelines, input.pipeline);
    const { areas } = pipeline;
    const archived = await readDeliveryRecord<ArchivedRecord>(
      store,
      pipeline,
      input.fileLandTimestamp,
      'archived',
    );
    const known = new Map(archived.files.map((file) => [file.key, file]));
    const transient: ObjectLocation[] = [];
    const amount = await recordBatch<ProcessedFileRecord>(
      dependencies,
      input,
      'processed',
      async (planned) => {
        const file = { ...requireArchived(known, planned.key), table: planned.table };
        const source = { bucket: areas.raw ?? areas.rawHist, key: file.archiveKey };
        const target = { bucket: areas.processed, key: file.processedKey };
        const isTransient = isDelta(pipeline, file.table);
        const result = await engine.transformFile(
          {
            pipeline: pipeline.name,
            table: file.table,
            source,
            sha256: file.sha256,
            target,
            ...rejectsTarget(pipeline, file),
            rejectsAccepted: archived.accepted !== undefined,
            fileName: file.fileName,
            fileLandTimestamp: input.fileLandTimestamp,
            version,
          },
          {
            ...taskOptions(),
            onLog: ({ level, words, data }) =>
              logger[level]({ ...input, table: file.table, file: file.key, data }, words),
          },
        );
        if (isTransient) transient.push(...result.objects.map(({ key }) => ({ ...target, key })));
        if (result.rowsIn !== file.rows) throw rowsLost(pipeline, file, result.rowsIn);
        return {
          ...file,
          rejectedRows: result.rejected,
          objects: result.objects,
          ...(isTransient ? { isTransient } : {}),
          ...(result.counters === undefined ? {} : { counters: result.counters }),
        };
      },
      ({ objects }) => ({
        rows: objects.reduce((sum, { rows }) => sum + rows, 0),
        bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
      }),
    );
    await undoIfLate(dependencies, pipeline, transient);
    return amount;
  };

/** An attempt that wakes up after its run has published would leave objects that nobody deletes any more. */
async function undoIfLate(
  { store }: Dependencies,
  pipeline: Pipeline,
  written: readonly ObjectLocation[],
): Promise<void> {
  if (written.length === 0 || !(await hasBegunToDelete(store, pipeline))) return;
  await takeBack(store, written);
}

function rejectsTarget(
  { areas, tables }: Pipeline,
  { table, processedKey: key }: ArchivedFile,
): Pick<TransformFileTask, 'rejectsTarget'> {
  const allowed = tables.some(({ name, rejects }) => name === table && rejects !== undefined);
  return allowed && areas.rejects !== undefined ? { rejectsTarget: { bucket: areas.rejects, key } } : {};
}

function requireArchived(known: ReadonlyMap<string, ArchivedFile>, key: string): ArchivedFile {
  const file = known.get(key);
  if (!file) throw new Error(`${key} is in the plan but not among what was archived`);
  return file;
}

function rowsLost({ tables }: Pipeline, file: ArchivedFile, rows: number): IntegrityError {
  const isParsed = tables.some(({ name, format }) => name === file.table && format.name === 'custom');
  return new IntegrityError({
    happened: `${file.key}: ${file.rows} rows landed, but ${rows} were read for processing.`,
    unchanged: 'Nothing was published, and raw-hist is as it was.',
    next: isParsed
      ? `The parser of table "${file.table}" is not pure, or was changed since the file was checked: the same bytes must give the same rows, each time. Mend it, then run again.`
      : 'Please report this: Landfall counts every row so that this cannot pass unseen.',
  });
}
