import { sourceMetadata } from '../activities/copy-verified';
import type { KnownDeliveries } from '../activities/deliveries';
import { landedObject } from '../activities/land/source-of';
import type { ObjectLocation, ObjectStore } from '../adapters/object-store';
import { toS3Url } from '../adapters/s3-calls';
import type { Pipeline } from '../definition/pipeline';
import { protectObject } from '../definition/protections';
import { deliveryRecordKey, type DeliveryRecord } from '../layout/log-keys';
import type { Expected } from './check-stored';
import type { ArchivedEntry, RecordOf, RecordReader } from './delivery-records';
import { lookAtOpenDelivery } from './open-delivery';
import { listQuarantined } from './quarantined-objects';
import type { SeenSources } from './seen-sources';
import type { DeliveryCounts, Findings } from './verification';

export interface Verifying {
  store: ObjectStore;
  pipeline: Pipeline;
  known: KnownDeliveries;
  records: RecordReader;
  findings: Findings;
  deliveries: DeliveryCounts;
  seen: SeenSources;
  signal: AbortSignal;
}

/** In raw-hist or in quarantine. */
export type StoredEntry = ObjectLocation & { expected: Expected };

/** What must be kept of one delivery, as its records say; compares the records with one another on the way. */
export async function listStored(verifying: Verifying, delivery: number): Promise<StoredEntry[]> {
  const { known, records, findings, deliveries } = verifying;
  const has = known.get(delivery) ?? new Set<DeliveryRecord>();
  if (has.has('archived')) return readArchived(verifying, delivery);
  for (const later of ['processed', 'published'] as const)
    if (has.has(later)) {
      await records.require(delivery, 'archived');
      break;
    }
  if (has.has('superseded')) {
    deliveries.superseded += 1;
    const superseded = await records.require(delivery, 'superseded');
    if (superseded && !known.get(superseded.by)?.has('manifest'))
      await records.require(superseded.by, 'manifest');
    return [];
  }
  if (has.has('quarantined') || has.has('refused')) {
    deliveries.refused += 1;
    if (has.has('quarantined') && !has.has('cleared')) {
      const detail = 'in quarantine, but land is not cleared of it yet';
      findings.unfinished.push({ delivery, reached: 'quarantined', detail });
    }
    return has.has('quarantined') ? listQuarantined(verifying, delivery) : [];
  }
  // It may have been archived since the listing.
  if ((await lookAtOpenDelivery(verifying, delivery)) === 'archived')
    return readArchived(verifying, delivery);
  deliveries.open += 1;
  return [];
}

async function readArchived(verifying: Verifying, delivery: number): Promise<StoredEntry[]> {
  const { pipeline, known, records, findings, deliveries } = verifying;
  deliveries.archived += 1;
  if (!known.get(delivery)?.has('published')) {
    const detail = 'in raw-hist, but not published yet';
    findings.unfinished.push({ delivery, reached: 'archived', detail });
  }
  const archived = await records.require(delivery, 'archived');
  const manifest = await records.require(delivery, 'manifest');
  if (!archived) return [];
  if (manifest) compareRecords(verifying, delivery, manifest, archived);
  const entries = [...archived.files, ...archived.notes];
  for (const entry of entries) findTwice(verifying, delivery, entry);
  return entries.map((entry) => {
    const { archiveKey: key, sha256, size } = entry;
    const metadata = sourceMetadata(landedObject(pipeline, entry), sha256);
    const protection = protectObject(pipeline.protections.rawHist ?? {}, key);
    return {
      bucket: pipeline.areas.rawHist,
      key,
      expected: { delivery, size, sha256, metadata, protection },
    };
  });
}

/** An object's metadata must name the version that its record names, so that comparing the records is enough. */
function findTwice({ pipeline, findings, seen }: Verifying, delivery: number, entry: ArchivedEntry): void {
  const earlier = seen.add(entry, delivery);
  if (earlier === undefined) return;
  findings.add({
    kind: 'archived-twice',
    object: toS3Url({ bucket: pipeline.areas.rawHist, key: entry.archiveKey }),
    delivery,
    detail: `version ${entry.versionId} of ${toS3Url({ bucket: pipeline.areas.land, key: entry.key })} was archived with delivery ${earlier} already`,
  });
}

/** All that was pinned is archived, or stays behind by decision; and what is archived is what was pinned. */
function compareRecords(
  { pipeline, findings }: Verifying,
  delivery: number,
  manifest: RecordOf<'manifest'>,
  archived: RecordOf<'archived'>,
): void {
  const entries = new Map([...archived.files, ...archived.notes].map((entry) => [entry.key, entry]));
  const leftOut = new Set(archived.leftOut);
  const log = (detail: string): void =>
    findings.add({
      kind: 'record',
      object: toS3Url({
        bucket: pipeline.areas.log,
        key: deliveryRecordKey(pipeline, delivery, 'archived'),
      }),
      ...{ delivery, detail },
    });
  if (manifest.contentDigest !== archived.contentDigest)
    log('its content digest is not that of the manifest');
  for (const { key, etag, size, versionId } of manifest.objects) {
    const entry = entries.get(key);
    entries.delete(key);
    if (!entry) {
      if (leftOut.has(key)) continue;
      const detail = 'the manifest has it, archived.json has not';
      findings.add({
        kind: 'not-archived',
        object: toS3Url({ bucket: pipeline.areas.land, key }),
        ...{ delivery, detail },
      });
    } else if (entry.etag !== etag || entry.size !== size || entry.versionId !== versionId) {
      log(`of ${key} it has another version than the manifest`);
    }
  }
  for (const key of entries.keys()) log(`it has ${key}, which the manifest has not`);
}
