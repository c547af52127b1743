import type { Finding } from '../../checks/finding';
import type { Pipeline } from '../../definition/define-pipeline';
import { formatEndings } from '../../definition/format';
import { findPipeline } from '../../definition/load-pipelines';
import { findClaimingTables } from '../../layout/assign-tables';
import { cutIntoBatches, type Batch } from '../../layout/batches';
import type { DeliveryRef } from '../../layout/delivery';
import { findKeyProblem, parseLandKey } from '../../layout/land-key';
import { planKey } from '../../layout/log-keys';
import { archiveKey, pipelinePrefix, processedKey } from '../../layout/object-keys';
import type { Dependencies } from '../dependencies';
import { currentRunId } from '../context';
import {
  findDeliveryRecord,
  readDeliveryRecord,
  writeRecord,
  type ArchivedRecord,
  type Manifest,
  type Plan,
  type PlannedFile,
  type PinnedLandObject,
} from '../records';

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
      plan = { files: archived.files, batches: cutIntoBatches(archived.files), findings: [] };
    } else {
      const manifest = await readDeliveryRecord<Manifest>(
        store,
        pipeline,
        delivery.fileLandTimestamp,
        'manifest',
      );
      plan = planFiles(pipeline, manifest);
    }
    await writeRecord(store, pipeline.areas.log, planKey(pipeline, currentRunId()), plan);
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

function claimFile(
  pipeline: Pipeline,
  fileLandTimestamp: number,
  object: PinnedLandObject,
): PlannedFile | Finding {
  const problem = findKeyProblem(object.key);
  if (problem) return { code: 'unsafe-key', file: object.key, received: problem, count: 1, samples: [] };
  const claims = pipeline.tables.map(({ name, folder, files, format }) => ({
    name,
    folder,
    fileName: files.name,
    endings: formatEndings(format),
  }));
  const landed = parseLandKey(pipelinePrefix(pipeline), object.key);
  const claiming = landed ? findClaimingTables(claims, landed.tableFolder, landed.fileName) : [];
  const [table, second] = claiming;
  if (!landed || !table) {
    const expected = claims.map(({ folder, endings }) => `${folder}/*${endings.join(' or ')}`).join(', ');
    return { code: 'unknown-file', file: object.key, expected, count: 1, samples: [] };
  }
  if (second) {
    return {
      code: 'two-tables',
      file: object.key,
      received: claiming.map(({ name }) => name).join(', '),
      count: 1,
      samples: [],
    };
  }
  const { tableFolder, fileName } = landed;
  const file = { tableFolder, fileName, fileLandTimestamp };
  return {
    ...object,
    table: table.name,
    fileName,
    archiveKey: archiveKey(pipeline, file),
    processedKey: processedKey(pipeline, file),
  };
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
