import type { CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { isAsRecorded } from '../../engine/curated-part';
import type { CuratedPart } from '../../engine/tasks';
import { IntegrityError, UsageError } from '../../errors';
import { snapshotPrefix } from '../../layout/object-keys';
import { mapWithLimit } from '../../map-with-limit';
import { snapshotOf } from '../curated/published-parts';
import { objectsOf, requireSnapshot, type SnapshotRecord } from '../curated/snapshot-record';

const LOOKS_AT_ONCE = 32;

/**
 * Looks at every file of every table's snapshot before readers are pointed at them: each must be there with the size that
 * was recorded and carry the SHA-256 that was recorded. Bytes are not read.
 * @throws UsageError when a snapshot was swept
 * @throws IntegrityError when a file is missing or another
 */
export async function verifySnapshots(
  store: ObjectStore,
  pipeline: Pipeline,
  { name: database, tables }: CatalogueDatabase,
  signal: AbortSignal,
): Promise<{ files: number; bytes: number }> {
  if (database !== pipeline.database) {
    throw new UsageError({
      happened: `The tables were published to database ${database}, and pipeline "${pipeline.name}" has database ${pipeline.database} now.`,
      unchanged: UNCHANGED,
      next: 'Declare the database as it was then, start the worker, and do it again.',
    });
  }
  const total = { files: 0, bytes: 0 };
  for (const table of tables) {
    const objects = objectsOf(await readDeclaredSnapshot(store, pipeline, table));
    await mapWithLimit(objects, LOOKS_AT_ONCE, (each) => requireStored(store, pipeline, table, each, signal));
    total.files += objects.length;
    total.bytes += objects.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  return total;
}

async function readDeclaredSnapshot(
  store: ObjectStore,
  pipeline: Pipeline,
  table: CatalogueTable,
): Promise<SnapshotRecord> {
  const snapshot = snapshotOf(table) ?? '';
  const location = `s3://${pipeline.areas.curated}/${snapshotPrefix(pipeline, table.name, snapshot)}`;
  if (table.location !== location) {
    throw new UsageError({
      happened: `Table "${table.name}" was published at ${table.location}, and the pipeline has its curated area elsewhere now.`,
      unchanged: UNCHANGED,
      next: 'Declare the curated bucket and folders as they were then, start the worker, and do it again.',
    });
  }
  const record = await requireSnapshot(store, pipeline, table.name, snapshot);
  if (!record.swept) return record;
  throw new UsageError({
    happened: `Snapshot ${snapshot} of table "${table.name}" was swept by landfall gc at ${record.swept.at}: its files are gone.`,
    unchanged: UNCHANGED,
    next: 'Give a later publish with --to; or make the tables anew from raw-hist by running the pipeline.',
  });
}

async function requireStored(
  store: ObjectStore,
  { areas }: Pipeline,
  { name }: CatalogueTable,
  part: Pick<CuratedPart, 'key' | 'bytes' | 'sha256'>,
  signal: AbortSignal,
): Promise<void> {
  const { key, bytes, sha256 } = part;
  const stored = await store.head({ bucket: areas.curated, key }, { signal });
  if (stored && isAsRecorded(stored, part)) return;
  const found = stored
    ? `another object (${stored.size} bytes; ${bytes} with sha256 ${sha256} were recorded)`
    : 'not there';
  throw new IntegrityError({
    happened: `Table "${name}": s3://${areas.curated}/${key} is ${found}.`,
    unchanged: UNCHANGED,
    next: 'Restore the file, or give another publish; find out who writes in the curated area: only Landfall may.',
  });
}

const UNCHANGED = 'No table was moved: readers see what they saw.';
