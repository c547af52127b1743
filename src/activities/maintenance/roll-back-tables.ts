import { findPipeline } from '../../definition/load-pipelines';
import type { RollbackResult } from '../../layout/maintenance';
import { cancellationSignal, currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { claimPublish } from '../glue/publishes';
import { readRollbackPlan, type RollbackInput } from './plan-rollback';
import { verifySnapshots } from './verify-snapshots';

/**
 * Points Glue at the files of the publish that was planned: new tables first, one `UpdateTable` each, dropped tables last.
 * Recorded before the first table moves; an attempt that is made again moves what is left.
 * @throws IntegrityError when something was published since it was planned: readers stay where they are
 */
export const rollBackTables =
  (dependencies: Dependencies) =>
  async ({ pipeline: name, by, why }: RollbackInput): Promise<RollbackResult> => {
    const { pipelines, store, catalogue, version } = dependencies;
    const pipeline = findPipeline(pipelines, name);
    const { result, database, publish } = await readRollbackPlan(dependencies, pipeline);
    const signal = cancellationSignal();
    await verifySnapshots(store, pipeline, database, signal);
    const { fileLandTimestamp } = result;
    const confirm = async (): Promise<void> => {
      const record = { kind: 'rollback', fileLandTimestamp, run: currentRunId(), version, database } as const;
      const at = new Date().toISOString();
      await claimPublish(store, pipeline, { format: 1, ...record, at, by, why }, publish);
    };
    await catalogue.publishDatabase(database, { signal, confirm });
    return result;
  };
