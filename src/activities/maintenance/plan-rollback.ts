import type { CatalogueDatabase } from '../../adapters/catalogue';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { MaintenanceRequest, RollbackResult } from '../../layout/maintenance';
import { batchRecordKey } from '../../layout/log-keys';
import { cancellationSignal, currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { compareDatabases, toTableChanges } from '../glue/compare-databases';
import { findLastPublish } from '../glue/publishes';
import { findRecord, readRecord, writeRecordOnce } from '../records';
import { findPublishBefore, requirePublishBefore, requirePublishOf } from './find-publish';
import { verifySnapshots } from './verify-snapshots';

export type RollbackInput = Extract<MaintenanceRequest, { kind: 'rollback' }> & { pipeline: string };

/** Kept by workflow run: an attempt that comes late, or a second one, goes back to the same publish. */
export interface RollbackPlan {
  result: RollbackResult;
  database: CatalogueDatabase;
  /** The last publish when it was planned. */
  publish: number;
}

const planKey = (pipeline: Pipeline): string => batchRecordKey(pipeline, currentRunId(), 'rollback', 0);

export const readRollbackPlan = ({ store }: Dependencies, pipeline: Pipeline): Promise<RollbackPlan> =>
  readRecord<RollbackPlan>(store, pipeline.areas.log, planKey(pipeline));

/**
 * Decides which publish to go back to, and that all of its files are there. Changes nothing that readers see.
 * @throws UsageError when there is none, it was swept, or what Glue declared then is not recorded
 * @throws IntegrityError when a file of it is missing or another
 */
export const planRollback =
  (dependencies: Dependencies) =>
  async ({ pipeline: name, to, dryRun }: RollbackInput): Promise<RollbackResult> => {
    const { pipelines, store, catalogue } = dependencies;
    const pipeline = findPipeline(pipelines, name);
    const signal = cancellationSignal();
    const planned = await findRecord<RollbackPlan>(store, pipeline.areas.log, planKey(pipeline));
    if (planned) return planned.result;
    const publish = await findLastPublish(store, pipeline);
    const existing = await catalogue.readDatabase(pipeline.database, { signal });
    const { present, before } =
      to === undefined
        ? await requirePublishBefore(store, pipeline, existing)
        : {
            before: await requirePublishOf(store, pipeline, to),
            ...(await findPresent(dependencies, pipeline, existing)),
          };
    const { database, fileLandTimestamp } = before;
    const verified = await verifySnapshots(store, pipeline, database, signal);
    const tables = toTableChanges(compareDatabases(existing, database));
    const result: RollbackResult = {
      ...{ kind: 'rollback', pipeline: name, database: pipeline.database, dryRun },
      ...{ from: present?.fileLandTimestamp ?? null, fileLandTimestamp, tables, ...verified },
    };
    const plan: RollbackPlan = { result, database, publish };
    const isFirst = (await writeRecordOnce(store, pipeline.areas.log, planKey(pipeline), plan)) === 'written';
    return isFirst ? result : (await readRollbackPlan(dependencies, pipeline)).result;
  };

async function findPresent(
  { store }: Dependencies,
  pipeline: Pipeline,
  existing: CatalogueDatabase | undefined,
): Promise<Pick<Awaited<ReturnType<typeof findPublishBefore>>, 'present'>> {
  const { present } = await findPublishBefore(store, pipeline, existing);
  return present ? { present } : {};
}
