import type { ListedObject, StoredObject } from '../../adapters/object-store';
import { batchRecordKey, runsPrefix } from '../../layout/log-keys';
import {
  curatedPartKey,
  curatedPrefix,
  deletedKeysKey,
  parseSnapshotKey,
  withoutPartition,
} from '../../layout/object-keys';
import { mapWithLimit } from '../../map-with-limit';
import type { CurationRecord } from '../curated/plan-curation';
import { findRecord } from '../records';
import { deletePinned, sumOf } from './delete-parts';
import { snapshotId } from './kept-snapshots';
import type { RecordedKeys, Sweep } from './sweep-snapshots';

interface Folder {
  table: string;
  snapshot: string;
  objects: ListedObject[];
}

const LOOKS_AT_ONCE = 16;

/**
 * Deletes what attempts left that never completed their snapshot: only files that a run's own plan names, by key and by
 * content, of which nothing is younger than the grace. All else that no record explains is a stranger and stays.
 */
export async function sweepIncomplete(sweep: Sweep, recorded: RecordedKeys): Promise<void> {
  const folders = await listUnrecorded(sweep, recorded);
  const known = await findPlannedContents(sweep, folders);
  for (const [id, folder] of folders) {
    const { table, snapshot } = folder;
    if (folder.objects.some(({ lastModified }) => lastModified > sweep.cutoff)) continue;
    if (sweep.kept.isKept(table, snapshot)) continue;
    await sweepFolder(sweep, folder, known.get(id) ?? []);
  }
}

async function sweepFolder(
  { dependencies: { store }, pipeline, dryRun, report, signal }: Sweep,
  { table, snapshot, objects }: Folder,
  contents: readonly string[],
): Promise<void> {
  const places = new Map(
    contents.flatMap((content, place) => {
      const key = curatedPartKey(pipeline, table, snapshot, place);
      return [key, deletedKeysKey(key)].map((each) => [each, content] as const);
    }),
  );
  const own: StoredObject[] = [];
  await mapWithLimit(objects, LOOKS_AT_ONCE, async (object) => {
    const content = places.get(withoutPartition(object.key));
    const stored = content === undefined ? undefined : await store.head(object, { signal });
    if (stored && stored.metadata['landfall-content'] === content) own.push(stored);
    else report.addStranger(object);
  });
  if (own.length === 0) return;
  const amount = dryRun ? sumOf(own) : await deletePinned(store, own, report, signal);
  report.swept.push({ table, snapshot, ...amount, was: 'incomplete' });
}

/** Folders of snapshots without a record; what is in no snapshot's folder, or not of its record, is a stranger. */
async function listUnrecorded(
  { dependencies: { store }, pipeline, report, signal }: Sweep,
  recorded: RecordedKeys,
): Promise<Map<string, Folder>> {
  const folders = new Map<string, Folder>();
  for await (const object of store.list(pipeline.areas.curated, curatedPrefix(pipeline), { signal })) {
    const parsed = parseSnapshotKey(pipeline, object.key);
    const id = parsed ? snapshotId(parsed.table, parsed.snapshot) : '';
    const explained = recorded.get(id);
    if (!parsed || (explained && !explained.has(object.key))) report.addStranger(object);
    if (!parsed || explained) continue;
    const folder = folders.get(id) ?? { ...parsed, objects: [] };
    folder.objects.push(object);
    folders.set(id, folder);
  }
  return folders;
}

/** What runs planned for these snapshots: the content of each part, in its place. */
async function findPlannedContents(
  { dependencies: { store }, pipeline, signal }: Sweep,
  wanted: ReadonlyMap<string, unknown>,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (wanted.size === 0) return found;
  const { log } = pipeline.areas;
  let startAfter: string | undefined;
  // A run has a record for each batch; only its plan of curated is read.
  for (;;) {
    const run = await findNextRun(startAfter);
    if (run === undefined || found.size === wanted.size) return found;
    const plan = await findRecord<CurationRecord>(store, log, batchRecordKey(pipeline, run, 'curated', 0));
    for (const { table, snapshot, contents } of plan ? contentsOf(plan) : []) {
      const id = snapshotId(table, snapshot);
      if (wanted.has(id)) found.set(id, contents);
    }
    // Behind all that the run has: `0` comes after `/`.
    startAfter = `${runsPrefix(pipeline)}${run}0`;
  }

  async function findNextRun(after: string | undefined): Promise<string | undefined> {
    const options = after === undefined ? { signal } : { signal, startAfter: after };
    for await (const { key } of store.list(log, runsPrefix(pipeline), options)) {
      const [run] = key.slice(runsPrefix(pipeline).length).split('/');
      return run;
    }
    return undefined;
  }
}

/** What each snapshot's parts were to be, in their places; one of a derived table has one. */
const contentsOf = ({
  curations,
  derived = [],
}: CurationRecord): { table: string; snapshot: string; contents: string[] }[] => [
  ...curations.map(({ table, snapshot, parts }) => ({
    ...{ table, snapshot },
    contents: parts.map(({ content }) => content),
  })),
  ...derived.map(({ table, snapshot, content }) => ({ table, snapshot, contents: [content] })),
];
