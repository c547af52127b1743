import { differingMetadata, sourceMetadata } from '../activities/copy-verified';
import { landedObject } from '../activities/land/source-of';
import type { ListedObject } from '../adapters/object-store';
import { toS3Url } from '../adapters/s3-calls';
import { isFolderMarker } from '../layout/land-key';
import { pipelinePrefix } from '../layout/object-keys';
import type { Verifying } from './archived-objects';
import { checkStored, patientlyRead, type CheckOptions } from './check-stored';
import type { PinnedEntry } from './delivery-records';
import { keysOfCopies, parseArchiveKey } from './known-keys';

export interface StrangerSearch {
  area: 'rawHist' | 'quarantine';
  isInRange: (delivery: number) => boolean;
  /** Also look for keys that belong to no delivery at all. */
  isWhole: boolean;
  /** How many of the objects that records name were found in each partition, by its URL. */
  found: ReadonlyMap<string, number>;
  options: CheckOptions;
}

interface Partition {
  prefix: string;
  delivery: number;
  keys: string[];
}

/**
 * Lists the pipeline's folder of an area once. As many objects in a partition as were found by the records' names are
 * just those; only where there are others is each looked up by name.
 * @returns how many copies there are of what was pinned but not archived
 */
export async function findStrangers(verifying: Verifying, search: StrangerSearch): Promise<number> {
  const { store, pipeline, findings, signal } = verifying;
  const bucket = pipeline.areas[search.area];
  if (bucket === undefined) return 0;
  let current: Partition | undefined;
  let copies = 0;
  const endPartition = async (): Promise<void> => {
    if (!current) return;
    const url = toS3Url({ bucket, key: current.prefix });
    if (current.keys.length === (search.found.get(url) ?? 0)) return;
    copies += await lookUp(verifying, { ...search, bucket }, current);
  };
  for await (const object of store.list(bucket, pipelinePrefix(pipeline), { signal })) {
    const parts = parseArchiveKey(pipeline, object.key);
    if (!parts) {
      if (search.isWhole && !isFolderMarker(object))
        addStranger(object, 'its key is none that Landfall gives');
      continue;
    }
    if (!search.isInRange(parts.delivery)) continue;
    if (current?.prefix !== parts.partition) {
      await endPartition();
      current = { prefix: parts.partition, delivery: parts.delivery, keys: [] };
    }
    current.keys.push(object.key);
  }
  await endPartition();
  return copies;

  function addStranger(object: ListedObject, detail: string): void {
    findings.add({ kind: 'stranger', object: toS3Url(object), detail });
  }
}

async function lookUp(
  verifying: Verifying,
  { area, bucket, options }: StrangerSearch & { bucket: string },
  { delivery, keys }: Partition,
): Promise<number> {
  const { pipeline, records, findings } = verifying;
  const manifest = await records.find(delivery, 'manifest');
  const named = new Set(await listNamed(verifying, area, delivery));
  const copies = keysOfCopies(pipeline, delivery, manifest?.objects ?? []);
  let known = 0;
  for (const key of keys) {
    if (named.has(key)) continue;
    const location = { bucket, key };
    const detail = manifest
      ? 'no record of the delivery names it'
      : 'there is no delivery with this file_land_timestamp';
    if (await isCopy(verifying, location, delivery, copies.get(key) ?? [], options)) known += 1;
    else findings.add({ kind: 'stranger', object: toS3Url(location), delivery, detail });
  }
  return known;
}

/** What was archived from quarantine is named there no longer. */
async function listNamed(
  { records }: Verifying,
  area: StrangerSearch['area'],
  delivery: number,
): Promise<string[]> {
  const archived = await records.find(delivery, 'archived');
  if (area === 'rawHist')
    return [...(archived?.files ?? []), ...(archived?.notes ?? [])].map((each) => each.archiveKey);
  const quarantined = archived ? undefined : await records.find(delivery, 'quarantined');
  return (quarantined?.files ?? []).map((each) => each.quarantineKey);
}

/** A copy carries what it was made of: it belongs to a manifest's object if it says so, and is then held to its word. */
async function isCopy(
  { store, pipeline, findings, signal }: Verifying,
  location: { bucket: string; key: string },
  delivery: number,
  candidates: readonly PinnedEntry[],
  options: CheckOptions,
): Promise<boolean> {
  if (candidates.length === 0) return false;
  const stored = await patientlyRead(signal, () => store.head(location, { signal }));
  const sha256 = stored?.metadata['landfall-sha256'];
  if (!stored || sha256 === undefined) return false;
  for (const pinned of candidates) {
    const metadata = sourceMetadata(landedObject(pipeline, pinned), sha256);
    if (differingMetadata(stored.metadata, metadata).length > 0) continue;
    const expected = { delivery, size: pinned.size, sha256, metadata, protection: {} };
    for (const problem of await checkStored(store, location, expected, options)) findings.add(problem);
    return true;
  }
  return false;
}
