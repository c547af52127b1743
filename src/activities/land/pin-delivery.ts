import { createHash } from 'node:crypto';
import type { ListedObject } from '../../adapters/object-store';
import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/define-pipeline';
import { UsageError } from '../../errors';
import type { RunResult } from '../../layout/delivery';
import { isFolderMarker, parseLandKey } from '../../layout/land-key';
import { chooseDelivery, type ChosenDelivery } from '../../layout/land-timestamp';
import {
  deliveriesPrefix,
  deliveryRecordKey,
  parseDeliveryRecordKey,
  type DeliveryRecord,
} from '../../layout/log-keys';
import { pipelinePrefix } from '../../layout/object-keys';
import type { Dependencies } from '../dependencies';
import {
  findDeliveryRecord,
  readDeliveryRecord,
  writeRecordOnce,
  type Manifest,
  type PinnedLandObject,
} from '../records';

export interface PinDeliveryInput {
  pipeline: string;
  /** The timestamp that the trigger gives, if it does. */
  requested?: number;
  /** The delivery whose run is under way, if one is. */
  active?: number;
}

export type PinnedDelivery =
  /** Land is empty and nothing is left to finish. */
  | { kind: 'nothing' }
  /** What waits in land is what the active run has taken. */
  | { kind: 'active' }
  /** Something else waits in land; it is to be taken when the active run has ended. */
  | { kind: 'wait' }
  | { kind: 'delivery'; fileLandTimestamp: number; files: number; bytes: number }
  /** The timestamp asked for was published before; this is what its run returned. */
  | { kind: 'published'; fileLandTimestamp: number; result: RunResult };

type Known = Map<number, Set<DeliveryRecord>>;
type Landed = ListedObject & { carriedTimestamp: number | undefined };

/**
 * Pins what waits in land: decides which objects are the next delivery and under which timestamp, and writes the
 * manifest, once. The same land content always gets the same timestamp; a delivery that is archived but not yet
 * published is resumed before anything new is taken.
 */
export const pinDelivery =
  ({ pipelines, store }: Dependencies) =>
  async (input: PinDeliveryInput): Promise<PinnedDelivery> => {
    const pipeline = findPipeline(pipelines, input.pipeline);
    const known: Known = new Map();
    for await (const { key } of store.list(pipeline.areas.log, deliveriesPrefix(pipeline))) {
      const parsed = parseDeliveryRecordKey(pipeline, key);
      if (parsed)
        known.set(
          parsed.fileLandTimestamp,
          (known.get(parsed.fileLandTimestamp) ?? new Set()).add(parsed.record),
        );
    }
    const existing = (fileLandTimestamp: number) =>
      describeDelivery({ store }, pipeline, known, fileLandTimestamp);
    if (input.requested !== undefined && input.requested === input.active) return { kind: 'active' };
    if (input.requested !== undefined && known.has(input.requested)) return existing(input.requested);
    const landed = await listLanded({ store }, pipeline);
    if (input.active !== undefined) {
      const active = await readDeliveryRecord<Manifest>(store, pipeline, input.active, 'manifest');
      return landed.every((object) => active.objects.some((pinned) => isSameVersion(pinned, object)))
        ? { kind: 'active' }
        : { kind: 'wait' };
    }
    const unfinished = [...known]
      .filter(([, records]) => records.has('archived') && !records.has('published'))
      .map(([each]) => each);
    if (unfinished.length > 0) return existing(unfinished.reduce((a, b) => Math.min(a, b)));

    const chosen = chooseDelivery(landed, input.requested);
    if (!chosen) return nothingToTake(pipeline, input.requested);
    return (
      (await findSameContent({ store }, pipeline, known, chosen)) ??
      writeManifest({ store }, pipeline, known, chosen)
    );
  };

async function listLanded({ store }: Pick<Dependencies, 'store'>, pipeline: Pipeline): Promise<Landed[]> {
  const landed: Landed[] = [];
  for await (const object of store.list(pipeline.areas.land, pipelinePrefix(pipeline))) {
    if (isFolderMarker(object)) continue;
    landed.push({
      ...object,
      carriedTimestamp: parseLandKey(pipelinePrefix(pipeline), object.key)?.carriedTimestamp,
    });
  }
  return landed;
}

const isSameVersion = (a: PinnedLandObject, b: PinnedLandObject): boolean =>
  a.key === b.key && a.versionId === b.versionId && a.etag === b.etag && a.lastModified === b.lastModified;

function digestContent(objects: readonly PinnedLandObject[]): string {
  const hash = createHash('sha256');
  for (const { key, versionId, etag, size, lastModified } of [...objects].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  )) {
    hash.update(JSON.stringify([key, versionId ?? null, etag, size, lastModified]));
  }
  return hash.digest('hex');
}

async function describeDelivery(
  { store }: Pick<Dependencies, 'store'>,
  pipeline: Pipeline,
  known: Known,
  fileLandTimestamp: number,
): Promise<PinnedDelivery> {
  if (known.get(fileLandTimestamp)?.has('published')) {
    const report = await readDeliveryRecord<{ result: RunResult }>(
      store,
      pipeline,
      fileLandTimestamp,
      'published',
    );
    return { kind: 'published', fileLandTimestamp, result: report.result };
  }
  const { objects } = await readDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');
  return toDelivery(fileLandTimestamp, objects);
}

const toDelivery = (fileLandTimestamp: number, objects: readonly PinnedLandObject[]): PinnedDelivery => ({
  kind: 'delivery',
  fileLandTimestamp,
  files: objects.length,
  bytes: objects.reduce((sum, { size }) => sum + size, 0),
});

/** The same content was pinned before (its run was refused, failed or cancelled): it keeps its timestamp. */
async function findSameContent(
  { store }: Pick<Dependencies, 'store'>,
  pipeline: Pipeline,
  known: Known,
  chosen: ChosenDelivery<Landed>,
): Promise<PinnedDelivery | undefined> {
  const contentDigest = digestContent(chosen.objects);
  for (const [fileLandTimestamp, records] of known) {
    if (fileLandTimestamp < chosen.fileLandTimestamp || records.has('archived')) continue;
    const manifest = await findDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');
    if (manifest?.contentDigest === contentDigest) return toDelivery(fileLandTimestamp, manifest.objects);
  }
  return undefined;
}

async function writeManifest(
  { store }: Pick<Dependencies, 'store'>,
  pipeline: Pipeline,
  known: Known,
  chosen: ChosenDelivery<Landed>,
): Promise<PinnedDelivery> {
  const latest = [...known.keys()].reduce((a, b) => Math.max(a, b), 0);
  if (chosen.given && chosen.fileLandTimestamp <= latest) throw notRising(pipeline, chosen, latest);
  const objects = chosen.objects.map(({ key, versionId, etag, size, lastModified }) => ({
    key,
    ...(versionId === undefined ? {} : { versionId }),
    etag,
    size,
    lastModified,
  }));
  // Two deliveries may land within one second; the later one moves on to a second of its own.
  let fileLandTimestamp = Math.max(chosen.fileLandTimestamp, latest + 1);
  for (;;) {
    const manifest: Manifest = {
      pipeline: pipeline.name,
      fileLandTimestamp,
      contentDigest: digestContent(objects),
      objects,
    };
    const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'manifest');
    if ((await writeRecordOnce(store, pipeline.areas.log, key, manifest)) === 'written') break;
    const theirs = await readDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');
    if (theirs.contentDigest === manifest.contentDigest) break;
    if (chosen.given) throw notRising(pipeline, chosen, fileLandTimestamp);
    fileLandTimestamp += 1;
  }
  return toDelivery(fileLandTimestamp, objects);
}

function notRising(pipeline: Pipeline, chosen: ChosenDelivery<Landed>, latest: number): UsageError {
  return new UsageError({
    happened: `Pipeline "${pipeline.name}": the file_land_timestamp ${chosen.fileLandTimestamp}, given ${chosen.given}, is not later than ${latest}, which was taken already.`,
    unchanged: 'Nothing was taken from land.',
    next: 'Timestamps rise strictly within a pipeline: give a later one, or none for the upload time.',
  });
}

function nothingToTake(pipeline: Pipeline, requested: number | undefined): PinnedDelivery {
  if (requested === undefined) return { kind: 'nothing' };
  throw new UsageError({
    happened: `Pipeline "${pipeline.name}": nothing waits in land, and there is no delivery with the file_land_timestamp ${requested}.`,
    next: `List the deliveries with: landfall status ${pipeline.name}`,
  });
}
