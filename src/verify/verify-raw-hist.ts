import { listDeliveries } from '../activities/deliveries';
import { forEachBounded } from '../adapters/bounded';
import type { ObjectStore } from '../adapters/object-store';
import { toS3Url } from '../adapters/s3-calls';
import type { Pipeline } from '../definition/pipeline';
import { listStored, type StoredEntry, type Verifying } from './archived-objects';
import { checkStored, type CheckOptions } from './check-stored';
import { createRecordReader } from './delivery-records';
import { findStrangers } from './find-strangers';
import { parseArchiveKey } from './known-keys';
import { SeenSources } from './seen-sources';
import { Findings, type Verification, type VerifyProgress } from './verification';

export interface VerifyOptions {
  mode: 'full' | 'quick';
  /** UTC epoch seconds, both included. */
  from?: number;
  to?: number;
  signal: AbortSignal;
  onProgress?: (progress: VerifyProgress) => void;
}

/** Objects at once. Bytes come through one event loop, which hashes them; HEADs only wait. */
const CONCURRENT = { full: 4, quick: 32 };

/**
 * Compares raw-hist with the records of its deliveries and writes nothing: every archived object is there, with its
 * size, metadata and (unless quick) bytes; all that was pinned is archived, given up, refused, or still in land; and
 * there is nothing else; the same of refused deliveries in quarantine. Memory: the records of one delivery, a number for
 * each of its tables, and where land keeps versions some 100 bytes for each archived one.
 *
 * @throws SetupError, UnavailableError when the store cannot be asked: nothing is proven then
 */
export async function verifyRawHist(
  store: ObjectStore,
  pipeline: Pipeline,
  { mode, from, to, signal, onProgress = () => undefined }: VerifyOptions,
): Promise<Verification> {
  const findings = new Findings();
  const known = await listDeliveries(store, pipeline);
  const isInRange = (delivery: number): boolean => delivery >= (from ?? 0) && delivery <= (to ?? Infinity);
  const wanted = [...known.keys()].filter(isInRange).sort((a, b) => a - b);
  const deliveries = { archived: 0, superseded: 0, refused: 0, open: 0 };
  const records = createRecordReader(store, pipeline, findings);
  const seen = new SeenSources();
  const verifying: Verifying = { store, pipeline, known, records, findings, deliveries, seen, signal };

  const progress = { deliveries: 0, ofDeliveries: wanted.length, objects: 0, bytes: 0 };
  const options: CheckOptions = {
    ...{ mode, signal },
    onBytes: (bytes) => {
      progress.bytes += bytes;
      onProgress(progress);
    },
  };
  async function* eachStored(): AsyncGenerator<StoredEntry> {
    for (const delivery of wanted) {
      yield* await listStored(verifying, delivery);
      progress.deliveries += 1;
      onProgress(progress);
    }
  }
  const found = new Map<string, number>();
  let quarantined = 0;
  await forEachBounded(eachStored(), CONCURRENT[mode], async ({ expected, ...location }) => {
    const problems = await checkStored(store, location, expected, options);
    for (const problem of problems) findings.add(problem);
    if (problems[0]?.kind !== 'missing') {
      const key = parseArchiveKey(pipeline, location.key)?.partition ?? '';
      const partition = toS3Url({ bucket: location.bucket, key });
      found.set(partition, (found.get(partition) ?? 0) + 1);
    }
    if (location.bucket === pipeline.areas.quarantine) quarantined += 1;
    progress.objects += 1;
    onProgress(progress);
  });
  const objects = progress.objects - quarantined;
  const search = { isInRange, isWhole: from === undefined && to === undefined, found, options };
  let unarchivedCopies = 0;
  for (const area of ['rawHist', 'quarantine'] as const)
    unarchivedCopies += await findStrangers(verifying, { ...search, area });
  const { problems, counts, unfinished } = findings;
  return {
    ...{ format: 1, pipeline: pipeline.name, rawHist: pipeline.areas.rawHist, mode },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    verdict: problems.length > 0 ? 'damaged' : 'sound',
    ...{ deliveries, objects, quarantined, bytesRead: progress.bytes, unarchivedCopies },
    ...{ counts, problems, unfinished },
  };
}
