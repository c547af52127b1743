import { isDeepStrictEqual } from 'node:util';
import type { CatalogueTable } from '../../adapters/catalogue';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { IntegrityError, SetupError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { cancellationSignal, currentRunId } from '../context';
import { readCurations, type CurationRecord } from '../curated/plan-curation';
import { listProcessed } from '../curated/processed-index';
import type { Dependencies } from '../dependencies';
import { writeRecordOnce } from '../records';
import type { PublicationReport } from '../report/report';
import { declarePlanned } from './declare-planned';
import { claimPublish } from './publishes';

export type Publication = Pick<PublicationReport, 'glue' | 'locations' | 'publish'>;

/** Points Glue at this run's snapshots, so that the database equals its declaration in code: nothing stale, nothing extra. */
export const publishDatabase =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const { pipelines, store, catalogue, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const planned = await readCurations(dependencies, pipeline);
    const database = await declarePlanned(dependencies, pipeline, planned);
    let publish: number | undefined;
    const confirm = async (existing: readonly CatalogueTable[]): Promise<void> => {
      requireOwn(pipeline, existing);
      await requireCurrent(dependencies, pipeline, delivery, planned);
      const { fileLandTimestamp } = delivery;
      const at = new Date().toISOString();
      const record = { kind: 'run', fileLandTimestamp, run: currentRunId(), at, version, database } as const;
      publish = await claimPublish(store, pipeline, { format: 1, ...record }, planned.publish);
    };
    const dropFirst = pipeline.publishing === 'drop-and-recreate';
    const glue = await catalogue.publishDatabase(database, {
      ...{ signal: cancellationSignal(), confirm, dropFirst },
    });
    const locations = Object.fromEntries(database.tables.map(({ name, location }) => [name, location]));
    const publication: Publication = { glue, locations, ...(publish === undefined ? {} : { publish }) };
    await writeRecordOnce(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), 'glue', 0),
      publication,
    );
  };

/** Two pipelines would take turns in dropping each other's tables. */
function requireOwn(pipeline: Pipeline, existing: readonly CatalogueTable[]): void {
  const other = existing.find(
    ({ parameters }) => ![pipeline.name, undefined].includes(parameters['landfall.pipeline']),
  );
  if (!other) return;
  throw new SetupError({
    happened: `The Glue database ${pipeline.database} is published by pipeline "${other.parameters['landfall.pipeline']}", which has table "${other.name}" there, and so not by pipeline "${pipeline.name}".`,
    unchanged: 'Nothing of it was changed: readers see what they saw.',
    next: 'Give each pipeline a database of its own. If the pipeline was renamed, delete the Glue database (no data goes with it), and run again.',
  });
}

/** An attempt that wakes up after a later delivery was processed would move its readers back. */
async function requireCurrent(
  { store }: Dependencies,
  pipeline: Pipeline,
  { fileLandTimestamp }: DeliveryRef,
  { basis }: CurationRecord,
): Promise<void> {
  if (isDeepStrictEqual(await listProcessed(store, pipeline), basis)) return;
  throw new IntegrityError({
    happened: `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" is not published by this run: since it planned its tables, something else was processed.`,
    unchanged: 'Readers see what they saw.',
    next: 'If the delivery is not published by another run, run the pipeline again: the tables are planned afresh.',
  });
}
