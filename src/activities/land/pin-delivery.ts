import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import type { ObjectStore } from '../../adapters/object-store';
import { UsageError } from '../../errors';
import type { Decision, RunResult } from '../../layout/delivery';
import { deliveryRecordKey, type DeliveryRecord } from '../../layout/log-keys';
import { chooseDelivery, nameDelivery, type ChosenDelivery } from '../../layout/land-timestamp';
import { listDeliveries, recordSettled, settleDelivery, type KnownDeliveries } from '../deliveries';
import type { Dependencies } from '../dependencies';
import {
  readDeliveryRecord,
  writeRecord,
  writeRecordOnce,
  type AcceptedRecord,
  type Manifest,
  type PinnedLandObject,
} from '../records';
import { digestContent, holdsAll, listLanded, overlap, type Landed } from './landed-objects';
import { selectComplete } from './select-complete';
import { writeManifest } from './write-manifest';

export interface PinDeliveryInput {
  pipeline: string;
  /** The timestamp that the trigger gives, if it does. */
  requested?: number;
  /** The delivery whose run is under way, if one is. */
  active?: number;
  /** What somebody said of the requested delivery, which was refused. */
  decision?: Decision;
  /** Nobody asks: an event, a sweep. What was refused is left alone until it changes. */
  isUnattended?: boolean;
}

export type PinnedDelivery =
  /** Land is empty and nothing is left to finish. */
  | { kind: 'nothing' }
  /** Something waits in land, and what says that it is complete has not come; in words. */
  | { kind: 'not-complete'; missing: string[] }
  /** What waits in land is what the active run has taken. */
  | { kind: 'active' }
  /** What waits was refused before, just as it is, and nobody asks for it. */
  | { kind: 'refused'; fileLandTimestamp: number }
  /** Something else waits in land; it is to be taken when the active run has ended. */
  | { kind: 'wait' }
  | { kind: 'delivery'; fileLandTimestamp: number; files: number; bytes: number }
  /** The timestamp asked for was published before; this is what its run returned. */
  | { kind: 'published'; fileLandTimestamp: number; result: RunResult };

interface Intake {
  store: ObjectStore;
  pipeline: Pipeline;
  known: KnownDeliveries;
  logger: Dependencies['logger'];
}

/**
 * Pins what waits in land: decides which objects are the next delivery and under which timestamp, and writes the
 * manifest, once. The same land content always gets the same timestamp. What was begun goes first: a delivery that is
 * archived but not yet published, then one that was neither archived nor refused and is all there still. A delivery
 * whose files are taken as another is settled as superseded before that one may run. What is not complete yet, as the
 * pipeline has it, is left alone.
 *
 * @throws UsageError when the timestamp asked for cannot be given to what waits
 */
export const pinDelivery =
  ({ pipelines, store, logger }: Dependencies) =>
  async ({
    pipeline: name,
    requested,
    active,
    decision,
    isUnattended = false,
  }: PinDeliveryInput): Promise<PinnedDelivery> => {
    const pipeline = findPipeline(pipelines, name);
    if (requested !== undefined && requested === active) return { kind: 'active' };
    const known = await listSettled(store, pipeline);
    const intake: Intake = { store, pipeline, known, logger };
    if (requested !== undefined && known.get(requested)?.has('published'))
      return readPublished(intake, requested);
    if (requested !== undefined && decision) requireRefused(intake, requested);
    // Before the listing, so that nothing is uploaded unseen between the two.
    const storeTime = pipeline.complete.quietSeconds > 0 ? await store.readClock(pipeline.areas.land) : 0;
    const landed = await listLanded(store, pipeline);
    if (active !== undefined) {
      if (requested !== undefined && known.has(requested)) return { kind: 'wait' };
      const { objects } = await readManifest(intake, active);
      return { kind: holdsAll(objects, landed) ? 'active' : 'wait' };
    }
    const unfinished = [...known].flatMap(([each, has]) => (isUnfinished(has) ? each : []));
    if (unfinished.length > 0) {
      const first =
        unfinished.find((each) => each === requested) ?? unfinished.reduce((a, b) => Math.min(a, b));
      return toDelivery(await readManifest(intake, first));
    }
    if (requested !== undefined && known.has(requested)) {
      if (decision) await recordDecision(intake, requested, decision);
      return known.get(requested)?.has('quarantined')
        ? takeFromQuarantine(intake, requested, decision)
        : comeBackTo(intake, requested, landed);
    }

    const chosen = chooseDelivery(landed, requested);
    if (!chosen) return nothingToTake(pipeline, requested);
    if (chosen.given === 'by keys' && requested !== undefined && requested !== chosen.fileLandTimestamp)
      throw carriesAnother(pipeline, requested, chosen.fileLandTimestamp);
    const taken = await takeChosen(intake, chosen, landed, storeTime);
    return isUnattended ? unlessRefused(intake, taken) : taken;
  };

/** A run would check it again to find the same; its manifest was written before. */
const unlessRefused = ({ known }: Intake, taken: PinnedDelivery): PinnedDelivery =>
  taken.kind === 'delivery' && known.get(taken.fileLandTimestamp)?.has('refused')
    ? { kind: 'refused', fileLandTimestamp: taken.fileLandTimestamp }
    : taken;

/** The deliveries, of which each that was settled says as what, also where whoever settled it ended before saying so. */
async function listSettled(store: ObjectStore, pipeline: Pipeline): Promise<KnownDeliveries> {
  const known = await listDeliveries(store, pipeline);
  const silent = [...known].filter(
    ([, has]) =>
      has.has('settled') && !has.has('archived') && !has.has('superseded') && !has.has('quarantined'),
  );
  for (const [fileLandTimestamp] of silent) await recordSettled(store, pipeline, fileLandTimestamp);
  return silent.length > 0 ? listDeliveries(store, pipeline) : known;
}

/** What has begun to leave land goes on to where it was going before anything else is taken. */
const isUnfinished = (has: ReadonlySet<DeliveryRecord>): boolean =>
  has.has('archived') ? !has.has('published') : has.has('quarantined') && !has.has('cleared');

function requireRefused({ pipeline, known }: Intake, requested: number): void {
  if (known.get(requested)?.has('refused')) return;
  throw new UsageError({
    happened: `Pipeline "${pipeline.name}": delivery ${requested} was not refused, so there is nothing to accept or to replay.`,
    unchanged: 'Nothing was taken.',
    next: `List the deliveries with: landfall status ${pipeline.name}`,
  });
}

/** The first acceptance stands; of replays the last one is told here, and all of them in the intake's history. */
async function recordDecision(
  { store, pipeline }: Intake,
  requested: number,
  { kind, by, why }: Decision,
): Promise<void> {
  const record: AcceptedRecord = { by, why, at: new Date().toISOString() };
  const keyOf = (name: DeliveryRecord): string => deliveryRecordKey(pipeline, requested, name);
  if (kind === 'accept') await writeRecordOnce(store, pipeline.areas.log, keyOf('accepted'), record);
  else await writeRecord(store, pipeline.areas.log, keyOf('replayed'), record);
}

async function takeFromQuarantine(
  intake: Intake,
  requested: number,
  decision: Decision | undefined,
): Promise<PinnedDelivery> {
  if (decision) return toDelivery(await readManifest(intake, requested));
  throw new UsageError({
    happened: `Pipeline "${intake.pipeline.name}": delivery ${requested} was refused, and is in quarantine.`,
    unchanged: 'Nothing was taken.',
    next: `Check it again with: landfall replay ${intake.pipeline.name} --timestamp ${requested} --why "…"`,
  });
}

/** A delivery that was pinned under this timestamp before and not archived: it is that, or it is nothing. */
async function comeBackTo(intake: Intake, requested: number, landed: Landed[]): Promise<PinnedDelivery> {
  const manifest = await readManifest(intake, requested);
  const superseded = intake.known.get(requested)?.has('superseded');
  if (superseded || !holdsAll(landed, manifest.objects)) throw hasChanged(intake.pipeline, requested);
  return takeAlone(intake, manifest, await readOpenManifests(intake));
}

async function takeChosen(
  intake: Intake,
  waiting: ChosenDelivery<Landed>,
  landed: Landed[],
  storeTime: number,
): Promise<PinnedDelivery> {
  const { store, pipeline, known, logger } = intake;
  const open = await readOpenManifests(intake);
  const begun = open.find(
    ({ fileLandTimestamp, objects }) =>
      !known.get(fileLandTimestamp)?.has('refused') &&
      overlap(objects, waiting.objects) &&
      holdsAll(landed, objects),
  );
  const latest = [...known.keys()].reduce((a, b) => Math.max(a, b), 0);
  const selection = await selectComplete(store, pipeline, waiting.objects, { storeTime, latest });
  const { objects, missing } = selection;
  if (missing) return begun ? takeAlone(intake, begun, open) : { kind: 'not-complete', missing };
  if (selection.overdue)
    logger.warn(
      { pipeline: pipeline.name, files: objects.length, atMostSeconds: pipeline.complete.atMostSeconds },
      'uploads to land do not cease, and something has waited for atMostSeconds: what is there is taken as it is',
    );
  const chosen = nameDelivery(waiting, objects);
  const contentDigest = digestContent(objects);
  const same = open.find((manifest) => manifest.contentDigest === contentDigest);
  const manifest = same ?? begun ?? (await writeManifest(store, pipeline, chosen, latest));
  return takeAlone(intake, manifest, open);
}

/** Pinned, and neither archived, superseded nor quarantined; in the order of their timestamps. */
async function readOpenManifests(intake: Intake): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const [fileLandTimestamp, has] of [...intake.known].sort(([a], [b]) => a - b)) {
    if (!has.has('manifest') || has.has('archived') || has.has('superseded') || has.has('quarantined'))
      continue;
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
    if (as !== 'superseded') return toDelivery(other);
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
