import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { UsageError } from '../../errors';
import { deliveryRecordKey } from '../../layout/log-keys';
import type { ChosenDelivery } from '../../layout/land-timestamp';
import { readDeliveryRecord, writeRecordOnce, type Manifest } from '../records';
import { digestContent, type Landed } from './landed-objects';

// Generous to clocks; a timestamp further ahead would put every later delivery behind it.
const MOST_SECONDS_AHEAD = 24 * 60 * 60;

/**
 * Gives the chosen objects a timestamp of their own, later than `latest`, by writing their manifest where none is.
 * @throws UsageError when the timestamp was given and cannot be theirs
 */
export async function writeManifest(
  store: ObjectStore,
  pipeline: Pipeline,
  chosen: ChosenDelivery<Landed>,
  latest: number,
): Promise<Manifest> {
  const { given } = chosen;
  if (given) requirePlausible(pipeline, chosen.fileLandTimestamp, given);
  if (given && chosen.fileLandTimestamp <= latest)
    throw notRising(pipeline, chosen.fileLandTimestamp, given, latest);
  const objects = chosen.objects.map(({ key, versionId, etag, size, lastModified }) => ({
    key,
    ...(versionId === undefined ? {} : { versionId }),
    etag,
    size,
    lastModified,
  }));
  const contentDigest = digestContent(objects);
  // Two deliveries may land within one second; the later one moves on to a second of its own.
  let fileLandTimestamp = Math.max(chosen.fileLandTimestamp, latest + 1);
  for (;;) {
    const manifest: Manifest = { pipeline: pipeline.name, fileLandTimestamp, contentDigest, objects };
    const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'manifest');
    if ((await writeRecordOnce(store, pipeline.areas.log, key, manifest)) === 'written') return manifest;
    const theirs = await readDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');
    if (theirs.contentDigest === contentDigest) return theirs;
    if (given) throw notRising(pipeline, fileLandTimestamp, given, fileLandTimestamp);
    fileLandTimestamp += 1;
  }
}

type Given = NonNullable<ChosenDelivery<Landed>['given']>;

const WHAT_TO_GIVE: Record<Given, string> = {
  'by trigger': 'give a later one, or none for the upload time',
  'by keys':
    'land the files under a later one, or without the file_land_timestamp folder for the upload time',
};

const notRising = (pipeline: Pipeline, timestamp: number, given: Given, latest: number): UsageError =>
  new UsageError({
    happened: `Pipeline "${pipeline.name}": the file_land_timestamp ${timestamp}, given ${given}, is not later than ${latest}, which was taken already.`,
    unchanged: 'Nothing was taken from land.',
    next: `Timestamps rise strictly within a pipeline: ${WHAT_TO_GIVE[given]}.`,
  });

function requirePlausible(pipeline: Pipeline, timestamp: number, given: Given): void {
  if (timestamp <= Date.now() / 1000 + MOST_SECONDS_AHEAD) return;
  throw new UsageError({
    happened: `Pipeline "${pipeline.name}": the file_land_timestamp ${timestamp}, given ${given}, is in the future (${new Date(timestamp * 1000).toISOString()}).`,
    unchanged: 'Nothing was taken from land.',
    next: 'Every later delivery would have to come after it. Give UTC epoch seconds of when the data landed, or none for the upload time.',
  });
}
