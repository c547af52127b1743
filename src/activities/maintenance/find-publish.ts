import type { CatalogueDatabase } from '../../adapters/catalogue';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { UsageError } from '../../errors';
import { listPublished } from '../deliveries';
import { compareDatabases, isSame } from '../glue/compare-databases';
import { isCompleted, readPublish, readPublishesBack, type PublishRecord } from '../glue/publishes';
import { findDeliveryRecord } from '../records';
import type { PublicationReport } from '../report/report';

const MOST_NAMED = 5;

/** What was published last, or rolled back to. @throws UsageError when nothing is recorded */
export async function requireLastPublish(store: ObjectStore, pipeline: Pipeline): Promise<PublishRecord> {
  for await (const last of readPublishesBack(store, pipeline)) return last;
  throw new UsageError({
    happened: `No publish of pipeline "${pipeline.name}" is recorded.`,
    unchanged: 'Glue is as it was.',
    next: `Run the pipeline: landfall run ${pipeline.name}`,
  });
}

/** The publish of a delivery's own run. @throws UsageError when there was none, or its definitions are not known */
export async function requirePublishOf(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
): Promise<PublishRecord> {
  const report = await findDeliveryRecord<PublicationReport>(store, pipeline, fileLandTimestamp, 'published');
  if (report?.publish !== undefined) return readPublish(store, pipeline, report.publish);
  const known = report ? '' : ` ${await namePublished(store, pipeline)}`;
  throw new UsageError({
    happened: report
      ? `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" was published by a release that did not record what Glue declared.`
      : `Pipeline "${pipeline.name}" has published no delivery ${fileLandTimestamp}.${known}`,
    unchanged: 'No table was moved: readers see what they saw.',
    next: 'Give the file_land_timestamp of a delivery whose publish is recorded.',
  });
}

async function namePublished(store: ObjectStore, pipeline: Pipeline): Promise<string> {
  const known = await listPublished(store, pipeline);
  if (known.length === 0) return 'It has published none.';
  return `Its latest: ${known.slice(0, MOST_NAMED).join(', ')}.`;
}

/**
 * The publish that Glue shows now, and the last before it that was otherwise, was completed and had its own delivery. After
 * a rollback, what is before is counted from the publish that it went back to.
 */
export async function findPublishBefore(
  store: ObjectStore,
  pipeline: Pipeline,
  existing: CatalogueDatabase | undefined,
): Promise<{ present?: PublishRecord; before?: PublishRecord }> {
  let present: PublishRecord | undefined;
  let isPassed = false;
  for await (const record of readPublishesBack(store, pipeline)) {
    const isRun = record.kind === 'run';
    const isOfPresent = record.fileLandTimestamp === present?.fileLandTimestamp;
    if (isPassed && present && isRun && !isOfPresent) {
      const isOther = !isSame(compareDatabases(present.database, record.database));
      if (isOther && (await isCompleted(store, pipeline, record))) return { present, before: record };
    } else if (present) {
      isPassed ||= isRun && isOfPresent;
    } else if (isSame(compareDatabases(existing, record.database))) {
      present = record;
      isPassed = isRun;
    }
  }
  return present ? { present } : {};
}

/** @throws UsageError when Glue is as no publish had it, or there is none before */
export async function requirePublishBefore(
  store: ObjectStore,
  pipeline: Pipeline,
  existing: CatalogueDatabase | undefined,
): Promise<{ present: PublishRecord; before: PublishRecord }> {
  const { present, before } = await findPublishBefore(store, pipeline, existing);
  if (present && before) return { present, before };
  throw new UsageError({
    happened: present
      ? `Nothing else was published before delivery ${present.fileLandTimestamp} of pipeline "${pipeline.name}", as far as it is recorded.`
      : `Glue's database ${pipeline.database} is as no recorded publish of pipeline "${pipeline.name}" has left it.`,
    unchanged: 'No table was moved: readers see what they saw.',
    next: present
      ? 'There is nothing to go back to.'
      : `Say which publish to go back to with --to. ${await namePublished(store, pipeline)}`,
  });
}
