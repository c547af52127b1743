import type { DerivedTable } from '../../definition/derived-table';
import { findDerived } from '../../definition/find-pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import { requirePart } from '../../engine/curated-part';
import type { DeriveTableTask, Part } from '../../engine/tasks';
import type { Amount, DeliveryRef } from '../../layout/delivery';
import { snapshotRecordKey } from '../../layout/log-keys';
import { curatedPartKey } from '../../layout/object-keys';
import { cancellationSignal, taskOptions } from '../context';
import type { Dependencies } from '../dependencies';
import { writeRecord } from '../records';
import { curationShapeOf } from './curation-shape';
import { shapeOf } from './part-shape';
import { readCurations } from './plan-curation';
import type { TableDerivation } from './plan-derived';
import { requireDerivation } from './require-derivation';
import { findKeptSnapshot, publishedPartsOf, readSnapshot, type SnapshotRecord } from './snapshot-record';
import { hasAllFiles, requireNoOthers } from './write-curated';

/**
 * Writes one derived table's snapshot as Parquet, by its SQL over the snapshots that the run planned of the tables
 * that it reads, or finds it complete already. What an earlier attempt made is taken.
 * @throws TransformError when the SQL failed, or gave what the table does not declare
 * @throws IntegrityError when a snapshot that it reads is not complete, or a file is not what was recorded
 */
export const writeDerived =
  (dependencies: Dependencies) =>
  async ({ table, ...delivery }: DeliveryRef & { table: string }): Promise<Amount> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const derivation = requireDerivation(await readCurations(dependencies, pipeline), pipeline, table);
    let record = await findKeptSnapshot(store, pipeline, table, derivation.snapshot);
    if (!record || !(await hasAllFiles(dependencies, pipeline, record))) {
      const declared = findDerived(pipelines, pipeline.name, table);
      const parts = await makeParts(dependencies, pipeline, derivation);
      if (declared.partitionBy.length > 0) await requireNoOthers(dependencies, pipeline, derivation, parts);
      record = toRecord(pipeline, declared, parts, version);
      await writeRecord(
        store,
        pipeline.areas.log,
        snapshotRecordKey(pipeline, table, derivation.snapshot),
        record,
      );
    }
    const bytes = record.parts.reduce((sum, part) => sum + part.bytes, 0);
    return { files: record.parts.length, rows: record.rows, bytes };
  };

async function makeParts(
  { store, engine, version }: Dependencies,
  pipeline: Pipeline,
  { table, snapshot, content, from }: TableDerivation,
): Promise<Part[]> {
  const { curated: bucket } = pipeline.areas;
  const target = { bucket, key: curatedPartKey(pipeline, table, snapshot, 0) };
  // In which folders a table has files is known only by making it.
  const stored = await store.head(target, { signal: cancellationSignal() });
  if (stored) return [requirePart(stored, target, { table, content })];
  const sources: DeriveTableTask['from'] = [];
  for (const [name, of] of Object.entries(from)) {
    const read = await readSnapshot(store, pipeline, name, of);
    sources.push({ table: name, snapshot: of, parts: publishedPartsOf(pipeline, read) });
  }
  const task = { pipeline: pipeline.name, table, from: sources, target, content, version };
  return engine.deriveTable(task, taskOptions());
}

const toRecord = (
  pipeline: Pipeline,
  table: DerivedTable,
  parts: Part[],
  version: string,
): SnapshotRecord => ({
  parts,
  rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  version,
  ...{ shape: shapeOf(pipeline, table), curation: curationShapeOf(table) },
});
