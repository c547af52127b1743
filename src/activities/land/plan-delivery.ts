import type { ObjectStore } from '../../adapters/object-store';
import type { Finding } from '../../checks/finding';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { DefinitionError } from '../../errors';
import { cutIntoBatches, type Batch } from '../../layout/batches';
import type { DeliveryRef } from '../../layout/delivery';
import { planKey } from '../../layout/log-keys';
import { currentRunId } from '../context';
import { supersededBy } from '../deliveries';
import type { Dependencies } from '../dependencies';
import {
  findDeliveryRecord,
  readDeliveryRecord,
  readRecord,
  writeRecordOnce,
  type ArchivedFile,
  type ArchivedRecord,
  type Manifest,
  type Plan,
  type PlannedFile,
} from '../records';
import { claimFile, findTableOf } from './claim-file';

/** What the workflow needs to know of the delivery: references and counts, never keys or rows. */
export interface DeliveryPlan {
  database: string;
  tables: string[];
  hasRaw: boolean;
  version: string;
  /** All of it was verified in raw-hist by an earlier run: land is not read again. */
  archived: boolean;
  files: number;
  bytes: number;
  batches: Batch[];
}

/** Finds out which table each file is of, and cuts the delivery into batches. Reads no file. */
export const planDelivery =
  ({ pipelines, store, version }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<DeliveryPlan> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const archived = await findDeliveryRecord<ArchivedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'archived',
    );
    let plan: Plan;
    if (archived) {
      const files = archived.files.map((file) => ({
        ...file,
        table: requireTable(pipeline, delivery, file),
      }));
      plan = { files, batches: cutIntoBatches(files), findings: [] };
    } else {
      const superseded = await findDeliveryRecord<{ by: number }>(
        store,
        pipeline,
        delivery.fileLandTimestamp,
        'superseded',
      );
      if (superseded) throw supersededBy(delivery.fileLandTimestamp, superseded.by);
      const manifest = await readDeliveryRecord<Manifest>(
        store,
        pipeline,
        delivery.fileLandTimestamp,
        'manifest',
      );
      plan = planFiles(pipeline, manifest);
    }
    plan = await recordPlan(store, pipeline, plan);
    return {
      database: pipeline.database,
      tables: pipeline.tables.map(({ name }) => name),
      hasRaw: pipeline.areas.raw !== undefined,
      version,
      archived: archived !== undefined,
      files: plan.files.length,
      bytes: plan.files.reduce((sum, { size }) => sum + size, 0),
      batches: plan.batches,
    };
  };

/** The first attempt's plan is the run's: the batches of another one, of another release, would not fit its records. */
async function recordPlan(store: ObjectStore, pipeline: Pipeline, plan: Plan): Promise<Plan> {
  const { log } = pipeline.areas;
  const key = planKey(pipeline, currentRunId());
  return (await writeRecordOnce(store, log, key, plan)) === 'written'
    ? plan
    : readRecord<Plan>(store, log, key);
}

function requireTable(pipeline: Pipeline, { fileLandTimestamp }: DeliveryRef, file: ArchivedFile): string {
  const table = findTableOf(pipeline, file);
  if (table !== undefined) return table;
  throw new DefinitionError({
    happened: `Pipeline "${pipeline.name}" has no table any more for ${file.key}, which delivery ${fileLandTimestamp} archived as table "${file.table}".`,
    unchanged: 'The file is in raw-hist, and nothing of the delivery was processed.',
    next: `Declare table "${file.table}" again, or another one with its folder, until the delivery is published.`,
  });
}

function planFiles(pipeline: Pipeline, manifest: Manifest): Plan {
  const findings: Finding[] = [];
  const files: PlannedFile[] = [];
  for (const object of manifest.objects) {
    const claimed = claimFile(pipeline, manifest.fileLandTimestamp, object);
    if ('code' in claimed) findings.push(claimed);
    else files.push(claimed);
  }
  const order = new Map(pipeline.tables.map(({ name }, index) => [name, index]));
  files.sort((a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0) || (a.key < b.key ? -1 : 1));
  findings.push(...findSameArchiveKeys(files), ...checkFileCounts(pipeline, files));
  return { files, batches: cutIntoBatches(files), findings };
}

/** `data.csv` and `data.json` of one table would become one processed file. */
function findSameArchiveKeys(files: readonly PlannedFile[]): Finding[] {
  const first = new Map<string, string>();
  return files.flatMap(({ table, key, processedKey: target }): Finding[] => {
    const other = first.get(target);
    if (other === undefined) {
      first.set(target, key);
      return [];
    }
    return [{ code: 'same-archive-key', table, file: key, received: other, count: 1, samples: [] }];
  });
}

function checkFileCounts(pipeline: Pipeline, files: readonly PlannedFile[]): Finding[] {
  return pipeline.tables.flatMap(({ name: table, files: { required, min, max }, folder }): Finding[] => {
    const count = files.filter((file) => file.table === table).length;
    const finding = (code: Finding['code'], expected: string): Finding => ({
      code,
      table,
      expected,
      received: `${count}`,
      count,
      samples: [],
    });
    if (count === 0) return required ? [finding('missing-table', `a file in ${folder}/`)] : [];
    if (count < min) return [finding('too-few-files', `at least ${min}`)];
    if (count > max) return [finding('too-many-files', `at most ${max}`)];
    return [];
  });
}
