import { sourceMetadata } from '../activities/copy-verified';
import { landedObject } from '../activities/land/source-of';
import { toS3Url } from '../adapters/s3-calls';
import { protectObject } from '../definition/protections';
import { deliveryRecordKey } from '../layout/log-keys';
import type { StoredEntry, Verifying } from './archived-objects';

/** What quarantine must hold of a refused delivery: each pinned version, under the key that its record names. */
export async function listQuarantined(
  { pipeline, records, findings }: Verifying,
  delivery: number,
): Promise<StoredEntry[]> {
  const bucket = pipeline.areas.quarantine;
  const quarantined = await records.require(delivery, 'quarantined');
  const manifest = await records.require(delivery, 'manifest');
  if (!quarantined || !manifest) return [];
  const record = toS3Url({
    bucket: pipeline.areas.log,
    key: deliveryRecordKey(pipeline, delivery, 'quarantined'),
  });
  if (bucket === undefined) {
    const detail = 'it was moved to quarantine, but the pipeline names no quarantine any more';
    findings.add({ kind: 'unreadable', object: record, delivery, detail });
    return [];
  }
  const moved = new Map(quarantined.files.map((file) => [file.key, file]));
  const entries: StoredEntry[] = [];
  for (const object of manifest.objects) {
    const file = moved.get(object.key);
    moved.delete(object.key);
    if (!file) {
      findings.add({
        kind: 'record',
        object: record,
        delivery,
        detail: `it lacks ${object.key} of the manifest`,
      });
      continue;
    }
    const { quarantineKey: key, sha256 } = file;
    const metadata = sourceMetadata(landedObject(pipeline, object), sha256);
    const protection = protectObject(pipeline.protections.quarantine ?? {}, key);
    entries.push({ bucket, key, expected: { delivery, size: object.size, sha256, metadata, protection } });
  }
  for (const key of moved.keys())
    findings.add({
      kind: 'record',
      object: record,
      delivery,
      detail: `it has ${key}, which the manifest has not`,
    });
  return entries;
}
