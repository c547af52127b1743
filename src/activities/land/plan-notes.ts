import type { Finding, FindingCode } from '../../checks/finding';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { noteArchiveKey } from '../../layout/delivery-notes';
import { findKeyProblem, findLengthProblem } from '../../layout/land-key';
import { pipelinePrefix } from '../../layout/object-keys';
import { cancellationSignal } from '../context';
import type { DeliveryNote, ListedFile, PinnedLandObject } from '../records';
import { hashObject } from '../verify-stored';
import { matchListing } from './match-listing';
import { sourceOf, type Located } from './source-of';
import { readSupplierManifest } from './read-supplier-manifest';

export interface PlannedNotes {
  notes: DeliveryNote[];
  /** What suppliers' manifests say, by key. */
  listed: Map<string, ListedFile>;
  findings: Finding[];
}

/** Reads a delivery's markers and suppliers' manifests, and finds what those do not agree with in `landed`. */
export async function planNotes(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  objects: readonly Located[],
  landed: readonly PinnedLandObject[],
): Promise<PlannedNotes> {
  const planned: PlannedNotes = { notes: [], listed: new Map(), findings: [] };
  const add = (code: FindingCode, file: string, received?: string): number =>
    planned.findings.push({
      code,
      file,
      ...(received === undefined ? {} : { received }),
      count: 1,
      samples: [],
    });
  const { manifest } = pipeline.complete;
  const archived = new Map<string, string>();
  let unreadable = false;
  for (const object of objects) {
    const archiveKey = noteArchiveKey(
      pipeline,
      object.key.slice(pipelinePrefix(pipeline).length),
      fileLandTimestamp,
    );
    const problem = findKeyProblem(archiveKey) ?? findLengthProblem([archiveKey]);
    if (problem) add('unsafe-key', object.key, problem);
    const other = archived.get(archiveKey);
    if (other) add('same-archive-key', object.key, other);
    archived.set(archiveKey, object.key);
    if (!manifest) {
      const { sha256 } = await hashObject(store, sourceOf(pipeline, object), cancellationSignal());
      planned.notes.push({ ...object, archiveKey, sha256 });
      continue;
    }
    const listing = await readSupplierManifest(store, pipeline, manifest, object, cancellationSignal());
    planned.notes.push({ ...object, archiveKey, sha256: listing.sha256 });
    if ('problem' in listing) {
      unreadable = true;
      add('bad-manifest', object.key, listing.problem);
      continue;
    }
    const { listed, missing, unclear } = matchListing(pipeline, listing.files, landed);
    for (const name of missing) add('listed-file-missing', object.key, name);
    for (const name of unclear)
      add('bad-manifest', object.key, `"${name}" is listed twice, or could be more than one file`);
    for (const [key, file] of listed) {
      if (planned.listed.has(key)) add('bad-manifest', object.key, `another manifest lists "${file.file}"`);
      else planned.listed.set(key, file);
    }
  }
  // Of a manifest that nobody can read, nobody knows what it lists.
  if (manifest && !unreadable)
    for (const { key } of landed) if (!planned.listed.has(key)) add('unlisted-file', key);
  return planned;
}
