import { findPipeline } from '../../definition/load-pipelines';
import { IntegrityError } from '../../errors';
import type { RecreateResult } from '../../layout/maintenance';
import { cancellationSignal } from '../context';
import type { Dependencies } from '../dependencies';
import { compareDatabases, toTableChanges } from '../glue/compare-databases';
import { syncAreas } from '../glue/areas/sync-areas';
import { requireLastPublish } from './find-publish';
import { verifySnapshots } from './verify-snapshots';

/**
 * Makes Glue's database and its tables as the last publish (or rollback) declared them, whatever became of them, and
 * the databases over raw-hist and processed where the pipeline has any. Curated files are looked at, and nothing else.
 * @throws UsageError when no publish is recorded, or a snapshot of it was swept
 * @throws IntegrityError when a file is missing or another
 */
export const recreateDatabase =
  ({ pipelines, store, catalogue }: Dependencies) =>
  async (request: { pipeline: string; dryRun: boolean }): Promise<RecreateResult> => {
    const pipeline = findPipeline(pipelines, request.pipeline);
    const signal = cancellationSignal();
    const last = await requireLastPublish(store, pipeline);
    const { database, fileLandTimestamp } = last;
    const verified = await verifySnapshots(store, pipeline, database, signal);
    const existing = await catalogue.readDatabase(database.name, { signal });
    const tables = toTableChanges(compareDatabases(existing, database));
    const confirm = async (): Promise<void> => {
      if ((await requireLastPublish(store, pipeline)).run !== last.run) throw overtaken(pipeline.name);
    };
    if (!request.dryRun) {
      await catalogue.publishDatabase(database, { signal, confirm });
      await syncAreas({ store, catalogue }, pipeline, ['rawHist', 'processed'], { signal });
    }
    const { name } = pipeline;
    return {
      ...{ kind: 'recreate', pipeline: name, database: database.name, dryRun: request.dryRun },
      ...{ fileLandTimestamp, tables, ...verified },
    };
  };

const overtaken = (pipeline: string): IntegrityError =>
  new IntegrityError({
    happened: `Something was published of pipeline "${pipeline}" while its Glue database was made anew.`,
    unchanged: 'Readers see what was published.',
    next: 'See what is otherwise with: landfall plan',
  });
