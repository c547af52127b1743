import { archiveKey, pipelinePrefix, unclaimedKey, type PipelineFolders } from '../layout/object-keys';
import { noteArchiveKey } from '../layout/delivery-notes';
import { parseLandKey } from '../layout/land-key';
import type { PinnedEntry } from './delivery-records';

/** A key of raw-hist, taken apart: `<environment>/<database folder>/<table folder>/file_land_timestamp=N/<file>`. */
export interface ArchiveKeyParts {
  /** Up to the last slash. */
  partition: string;
  delivery: number;
}

/** @returns undefined when no delivery's copy could have this key */
export function parseArchiveKey(folders: PipelineFolders, key: string): ArchiveKeyParts | undefined {
  const match = /^([^/]+\/file_land_timestamp=([1-9]\d{0,9})\/)[^/]+$/.exec(
    key.slice(pipelinePrefix(folders).length),
  );
  return match
    ? { partition: `${pipelinePrefix(folders)}${match[1]}`, delivery: Number(match[2]) }
    : undefined;
}

/**
 * The keys that copies of a manifest's objects may have, as files of a table, as notes or (in quarantine) as nobody's,
 * whatever the code declares by now.
 */
export function keysOfCopies(
  folders: PipelineFolders,
  delivery: number,
  objects: readonly PinnedEntry[],
): Map<string, PinnedEntry[]> {
  const keys = new Map<string, PinnedEntry[]>();
  const prefix = pipelinePrefix(folders);
  for (const [place, object] of objects.entries()) {
    const landed = parseLandKey(prefix, object.key);
    const candidates = [
      noteArchiveKey(folders, object.key.slice(prefix.length), delivery),
      ...(landed ? [archiveKey(folders, { ...landed, fileLandTimestamp: delivery })] : []),
      unclaimedKey(folders, delivery, place),
    ];
    for (const key of candidates) keys.set(key, [...(keys.get(key) ?? []), object]);
  }
  return keys;
}
