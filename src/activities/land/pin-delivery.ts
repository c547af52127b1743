import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import type { ObjectStore } from '../../adapters/object-store';
import { UsageError } from '../../errors';
import type { RunResult } from '../../layout/delivery';
import { chooseDelivery, type ChosenDelivery } from '../../layout/land-timestamp';
import { listDeliveries, settleDelivery, type KnownDeliveries } from '../deliveries';
import type { Dependencies } from '../dependencies';
import { readDeliveryRecord, type Manifest, type PinnedLandObject } from '../records';
import { digestContent, holdsAll, listLanded, overlap, type Landed } from './landed-objects';
import { writeManifest } from './write-manifest';

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

interface Intake {
  store: ObjectStore;
  pipeline: Pipeline;
  known: KnownDeliveries;
}

/**
 * Pins what waits in land: decides which objects are the next delivery and under which timestamp, and writes the
 * manifest, once. The same land content always gets the same timestamp. What was begun goes first: a delivery that is
 * archived but not yet published, then one that was neither archived nor refused and is all there still. A delivery
 * whose files are taken as another is settled as superseded before that one may run.
 *
 * @throws UsageError when the timestamp asked for cannot be given to what waits
 */
export const pinDelivery =
  ({ pipelines, store }: Dependencies) =>
  async ({ pipeline: name, requested, active }: PinDeliveryInput): Promise<PinnedDelivery> => {
    const pipeline = findPipeline(pipelines, name);
    if (requested !== undefined && requested === active) return { kind: 'active' };
    const known = await listDeliveries(store, pipeline);
    const intake: Intake = { store, pipeline, known };
    if (requested !== undefined && known.get(requested)?.has('published'))
      return readPublished(intake, requested);
    const landed = await listLanded(store, pipeline);
    if (active !== undefined) {
      if (requested !== undefined && known.has(requested)) return { kind: 'wait' };
      const { objects } = await readManifest(intake, active);
      return { kind: holdsAll(objects, landed) ? 'active' : 'wait' };
    }
    const unfinished = [...known].flatMap(([each, has]) =>
      has.has('archived') && !has.has('published') ? each : [],
    );
    if (unfinished.length > 0) {
      const first =
        unfinished.find((each) => each === requested) ?? unfinished.reduce((a, b) => Math.min(a, b));
      return toDelivery(await readManifest(intake, first));
    }
    if (requested !== undefined && known.has(requested)) return comeBackTo(intake, requested, landed);

    const chosen = chooseDelivery(landed, requested);
    if (!chosen) return nothingToTake(pipeline, requested);
    if (chosen.given === 'by keys' && requested !== undefined && requested !== chosen.fileLandTimestamp)
      throw carriesAnother(pipeline, requested, chosen.fileLandTimestamp);
    return takeChosen(intake, chosen, landed);
  };

/** A delivery that was pinned under this timestamp before and not archived: it is that, or it is nothing. */
async function comeBackTo(intake: Intake, requested: number, landed: Landed[]): Promise<PinnedDelivery> {
  const manifest = await readManifest(intake, requested);
  const superseded = intake.known.get(requested)?.has('superseded');
  if (superseded || !holdsAll(landed, manifest.objects)) throw hasChanged(intake.pipeline, requested);
  return takeAlone(intake, manifest, await readOpenManifests(intake));
}

async function takeChosen(
  intake: Intake,
  chosen: ChosenDelivery<Landed>,
  landed: Landed[],
): Promise<PinnedDelivery> {
  const { store, pipeline, known } = intake;
  const open = await readOpenManifests(intake);
  const contentDigest = digestContent(chosen.objects);
  const same = open.find((manifest) => manifest.contentDigest === contentDigest);
  const begun = open.find(
    ({ fileLandTimestamp, objects }) =>
      !known.get(fileLandTimestamp)?.has('refused') &&
      overlap(objects, chosen.objects) &&
      holdsAll(landed, objects),
  );
  const latest = [...known.keys()].reduce((a, b) => Math.max(a, b), 0);
  const manifest = same ?? begun ?? (await writeManifest(store, pipeline, chosen, latest));
  return takeAlone(intake, manifest, open);
}

/** Pinned, and neither archived nor superseded; in the order of their timestamps. */
async function readOpenManifests(intake: Intake): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const [fileLandTimestamp, has] of [...intake.known].sort(([a], [b]) => a - b)) {
    if (!has.has('manifest') || has.has('archived') || has.has('superseded')) continue;
    manifests.push(await readManifest(intake, fileLandTimestamp));
  }
  return manifests;
}

/** Before a delivery may run, every other that has one of its files is given up, or was archived and goes first. */
async function takeAlone(
  { store, pipeline }: Intake,
  taken: Manifest,
  open: readonly Manifest[],
): Promise<PinnedDelivery> {
  for (const other of open) {
    if (other.fileLandTimestamp === taken.fileLandTimestamp || !overlap(other.objects, taken.objects))
      continue;
    const wanted = { as: 'superseded', by: taken.fileLandTimestamp } as const;
    const { as } = await settleDelivery(store, pipeline, other.fileLandTimestamp, wanted);
    if (as === 'archived') return toDelivery(other);
  }
  return toDelivery(taken);
}

const readManifest = ({ store, pipeline }: Intake, fileLandTimestamp: number): Promise<Manifest> =>
  readDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');

async function readPublished(
  { store, pipeline }: Intake,
  fileLandTimestamp: number,
): Promise<PinnedDelivery> {
  const { result } = await readDeliveryRecord<{ result: RunResult }>(
    store,
    pipeline,
    fileLandTimestamp,
    'published',
  );
  return { kind: 'published', fileLandTimestamp, result };
}

const sumBytes = (objects: readonly PinnedLandObject[]): number =>
  objects.reduce((sum, { size }) => sum + size, 0);

const toDelivery = ({ fileLandTimestamp, objects }: Manifest): PinnedDelivery => ({
  kind: 'delivery',
  fileLandTimestamp,
  files: objects.length,
  bytes: sumBytes(objects),
});

const hasChanged = (pipeline: Pipeline, requested: number): UsageError =>
  new UsageError({
    happened: `Pipeline "${pipeline.name}": the file_land_timestamp ${requested} was given to files of which some are no longer in land as they were.`,
    unchanged: 'Nothing was taken from land.',
    next: 'What waits in land now is another delivery: give a later timestamp, or none for the upload time.',
  });

const carriesAnother = (pipeline: Pipeline, requested: number, carried: number): UsageError =>
  new UsageError({
    happened: `Pipeline "${pipeline.name}": the file_land_timestamp ${requested} was asked for, but keys in land carry others, ${carried} the first of them.`,
    unchanged: 'Nothing was taken from land.',
    next: `Files keep the timestamp that their key carries. Ask for ${carried}, or for none.`,
  });

function nothingToTake(pipeline: Pipeline, requested: number | undefined): PinnedDelivery {
  if (requested === undefined) return { kind: 'nothing' };
  throw new UsageError({
    happened: `Pipeline "${pipeline.name}": nothing waits in land, and there is no delivery with the file_land_timestamp ${requested}.`,
    next: `List the deliveries with: landfall status ${pipeline.name}`,
  });
}
