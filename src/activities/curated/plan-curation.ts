import { createHash } from 'node:crypto';
import type { Pipeline, Table } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { ProcessedFile } from '../../engine/tasks';
import { DefinitionError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { findLastPublish } from '../glue/publishes';
import { findTableOf } from '../land/claim-file';
import { readRecord, writeRecordOnce } from '../records';
import { identifyCode } from './code-identity';
import { findMergeBase, measureBase, type MergeBase } from './merge-base';
import { planDerived, type TableDerivation } from './plan-derived';
import { contentOf, planParts, rowsProcessed, type PlannedPart } from './plan-parts';
import { listProcessed, readProcessedFiles, type IndexedFile, type ProcessedBasis } from './processed-index';
import { readPublishedSnapshots } from './published-parts';
import { readReportedSnapshots } from './reported-snapshots';
import { findKeptSnapshot } from './snapshot-record';
import { sourcesOf } from './sources-of';

/** What a curated table is made of. The snapshot's name follows from it, so the same content is never written twice. */
export interface TableCuration {
  table: string;
  snapshot: string;
  parts: PlannedPart[];
  /** The snapshot that its rows are merged with; absent where it is made of what is processed, or published by delivery. */
  base?: string;
}

export interface CurationStep {
  table: string;
  /** Of processed; of a derived table none are known before its SQL has run. */
  rows: number;
  /** The snapshot is complete from an earlier run: nothing of it changed. */
  isCurrent: boolean;
  /** It is made by SQL of the others, once these are complete. */
  isDerived?: true;
}

/** What a run decided: kept by workflow run, so that a late attempt finds what its own run was to do. */
export interface CurationRecord {
  curations: TableCuration[];
  /** Absent where the pipeline has none, and in records of earlier releases. */
  derived?: TableDerivation[];
  /** The `processed.json` of every delivery that the tables are made of, by timestamp, with its ETag. */
  basis: ProcessedBasis;
  /** The snapshot of each table that readers saw then: whatever of it stays is copied. */
  published: Record<string, string>;
  /** The snapshots that the last run to publish declared; where something of processed is transient. */
  reported?: Record<string, string>;
  /** The last publish then; absent in records of earlier releases. */
  publish?: number;
}

const curationKey = (pipeline: Pipeline): string => batchRecordKey(pipeline, currentRunId(), 'curated', 0);

/** Decides what each curated table is made of: all that was ever processed, in either mode. */
export const planCuration =
  ({ pipelines, store, catalogue, version }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<CurationStep[]> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { log } = pipeline.areas;
    const basis = await listProcessed(store, pipeline);
    const deliveries = groupByTable(pipeline, await readProcessedFiles(store, pipeline, basis));
    const isTransient = [...deliveries.values()].flat(2).some((file) => file.isTransient);
    const earlier = [...deliveries]
      .filter(([, all]) => hasOtherTransient(delivery, all))
      .map(([name]) => name);
    const code = identifyCode(version);
    // Before Glue is read: whoever publishes in between is found out.
    const publish = await findLastPublish(store, pipeline);
    const published = await readPublishedSnapshots(catalogue, pipeline);
    const reported = isTransient ? await readReportedSnapshots(store, pipeline, earlier) : undefined;
    const made = await Promise.all(
      pipeline.tables.map(async (table) => {
        const files = deliveries.get(table.name) ?? [];
        const snapshots = [reported?.[table.name], published[table.name]];
        const base = await findMergeBase(store, pipeline, table, files.flat(), snapshots);
        return curate(pipeline, table, files, code, base);
      }),
    );
    const planned: CurationRecord = {
      curations: made,
      ...(pipeline.derived.length > 0 && {
        derived: pipeline.derived.map((table) => planDerived(table, made)),
      }),
      basis,
      publish,
      published,
      ...(reported && { reported }),
    };
    const isFirst = (await writeRecordOnce(store, log, curationKey(pipeline), planned)) === 'written';
    const { curations, derived = [] } = isFirst ? planned : await readCurations({ store }, pipeline);
    const isCurrent = async ({ table, snapshot }: { table: string; snapshot: string }): Promise<boolean> =>
      (await findKeptSnapshot(store, pipeline, table, snapshot)) !== undefined;
    return Promise.all([
      ...curations.map(async (each) => ({
        table: each.table,
        rows: rowsProcessed(each.parts),
        isCurrent: await isCurrent(each),
      })),
      ...derived.map(async (each) => ({
        ...{ table: each.table, rows: 0, isDerived: true as const },
        isCurrent: await isCurrent(each),
      })),
    ]);
  };

const hasOtherTransient = (
  { fileLandTimestamp }: DeliveryRef,
  deliveries: readonly ProcessedFile[][],
): boolean =>
  deliveries.flat().some((file) => file.isTransient && file.fileLandTimestamp !== fileLandTimestamp);

/** The files of each table, delivery by delivery; those of tables that are gone are left out. */
export function groupByTable(
  pipeline: Pipeline,
  processed: ReadonlyMap<number, readonly IndexedFile[]>,
): Map<string, ProcessedFile[][]> {
  const deliveries = new Map(pipeline.tables.map(({ name }) => [name, [] as ProcessedFile[][]]));
  for (const [fileLandTimestamp, files] of processed) {
    const ofTables = new Map<string, ProcessedFile[]>();
    for (const file of files) {
      const name = findTableOf(pipeline, file);
      const table = pipeline.tables.find((each) => each.name === name);
      if (!table) continue;
      const inputs = ofTables.get(table.name) ?? [];
      ofTables.set(table.name, inputs);
      inputs.push(...sourcesOf(pipeline, table, fileLandTimestamp, file));
    }
    for (const [table, inputs] of ofTables) deliveries.get(table)?.push(inputs);
  }
  return deliveries;
}

function curate(
  pipeline: Pipeline,
  table: Table,
  deliveries: readonly ProcessedFile[][],
  code: string,
  base: MergeBase | undefined,
): TableCuration {
  const size = base && measureBase(base, deliveries.flat());
  const parts = planParts(pipeline, table, deliveries, code, size);
  const contents = parts.map(({ content }) => content).join();
  return {
    table: table.name,
    snapshot: createHash('sha256').update(contents).digest('hex').slice(0, 16),
    parts,
    ...(base && { base: base.snapshot }),
  };
}

/** What `planCuration` decided in this run. */
export const readCurations = (
  { store }: Pick<Dependencies, 'store'>,
  pipeline: Pipeline,
): Promise<CurationRecord> => readRecord<CurationRecord>(store, pipeline.areas.log, curationKey(pipeline));

/**
 * What `planCuration` decided for a table.
 * @throws DefinitionError when the pipeline's code says otherwise by now: snapshot and schema would not fit together
 */
export function requireCuration(
  { curations }: CurationRecord,
  pipeline: Pipeline,
  name: string,
  version: string,
): TableCuration {
  const code = identifyCode(version);
  const table = pipeline.tables.find((each) => each.name === name);
  const planned = curations.find((each) => each.table === name);
  // Records of earlier releases have no parts.
  const parts = (planned as Partial<TableCuration> | undefined)?.parts;
  const isAsPlanned = (part: PlannedPart, of: Table): boolean =>
    contentOf(pipeline, of, part, code) === part.content;
  if (table && planned && parts?.every((part) => isAsPlanned(part, table))) return planned;
  throw declaredOtherwise(pipeline, name);
}

export const declaredOtherwise = (pipeline: Pipeline, name: string): DefinitionError =>
  new DefinitionError({
    happened: `Table "${name}" of pipeline "${pipeline.name}" was declared otherwise when this run planned its curated tables: another release was deployed meanwhile.`,
    unchanged: 'Nothing was published.',
    next: 'Run the pipeline again: it goes on from raw-hist with the new release.',
  });
