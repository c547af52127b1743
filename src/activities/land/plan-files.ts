import { addRangeFindings } from '../../checks/range-findings';
import type { Finding } from '../../checks/finding';
import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { cutIntoBatches } from '../../layout/batches';
import { foldKey } from '../../layout/twin-keys';
import type { Manifest, PinnedLandObject, Plan, PlannedFile } from '../records';
import { claimFile } from './claim-file';
import { findNotePath } from './delivery-notes';
import { planKeyChecks } from './plan-key-checks';
import { planNotes } from './plan-notes';

/** Where a pinned object is by now, when that is not land. */
export type Locate = (object: PinnedLandObject) => Promise<{ quarantined?: PinnedObject }>;

/** Which table each file is of, what the supplier's manifest says of it, and all that is wrong by names and sizes. */
export async function planFiles(
  store: ObjectStore,
  pipeline: Pipeline,
  { fileLandTimestamp, objects }: Manifest,
  locate: Locate,
): Promise<Plan> {
  const { files, notes, landed, findings } = claimFiles(pipeline, { fileLandTimestamp, objects });
  for (const file of files) Object.assign(file, await locate(file));
  const planned = await planNotes(
    store,
    pipeline,
    fileLandTimestamp,
    await Promise.all(notes.map(async (note) => ({ ...note, ...(await locate(note)) }))),
    landed,
  );
  for (const file of files) {
    const listed = planned.listed.get(file.key);
    if (listed) file.listed = listed;
  }
  findings.push(...planned.findings);
  if (files.length === 0 && findings.length === 0) findings.push(noFiles(landed));
  const keyChecks = planKeyChecks(pipeline.tables, files);
  return { files, batches: cutIntoBatches(files), keyChecks, findings, notes: planned.notes };
}

/** Which table each file is of, and all that is wrong by names and sizes alone. */
export function claimFiles(
  pipeline: Pipeline,
  { fileLandTimestamp, objects }: Pick<Manifest, 'fileLandTimestamp' | 'objects'>,
): { files: PlannedFile[]; notes: PinnedLandObject[]; landed: PinnedLandObject[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const files: PlannedFile[] = [];
  const isNote = ({ key }: PinnedLandObject): boolean => findNotePath(pipeline, key) !== undefined;
  const landed = objects.filter((object) => !isNote(object));
  for (const object of landed) {
    const claimed = claimFile(pipeline, fileLandTimestamp, object);
    if ('code' in claimed) findings.push(claimed);
    else files.push(claimed);
  }
  const order = new Map(pipeline.tables.map(({ name }, index) => [name, index]));
  files.sort((a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0) || (a.key < b.key ? -1 : 1));
  findings.push(
    ...findCollisions(files),
    ...checkFileCounts(pipeline, files),
    ...checkFileSizes(pipeline, files),
  );
  return { files, notes: objects.filter(isNote), landed, findings };
}

const noFiles = (landed: readonly PinnedLandObject[]): Finding => ({
  code: 'no-files',
  count: landed.length,
  samples: [],
});

/**
 * `data.csv` and `data.csv.gz` of one table would become one processed file; `data.csv` and `Data.csv` two that
 * people, and file systems that they are copied to, take for one.
 */
function findCollisions(files: readonly PlannedFile[]): Finding[] {
  const first = new Map<string, PlannedFile>();
  return files.flatMap((file): Finding[] => {
    const { table, key, processedKey } = file;
    const folded = foldKey(processedKey);
    const other = first.get(folded);
    if (other) {
      const code = other.processedKey === processedKey ? 'same-archive-key' : 'twin-file';
      return [{ code, table, file: key, received: other.key, count: 1, samples: [] }];
    }
    first.set(folded, file);
    return [];
  });
}

/** The bounds that tables give for the bytes of each of their files, as they lie in land. */
export function checkFileSizes(
  pipeline: Pipeline,
  files: readonly Pick<PlannedFile, 'table' | 'key' | 'size'>[],
): Finding[] {
  const findings: Finding[] = [];
  const bounds = new Map(pipeline.tables.map(({ name, files: { bytes } }) => [name, bytes]));
  for (const { table, key: file, size } of files) {
    const bytes = bounds.get(table);
    if (bytes) addRangeFindings(findings, { table, file }, 'bytes', size, bytes);
  }
  return findings;
}

function checkFileCounts(pipeline: Pipeline, files: readonly PlannedFile[]): Finding[] {
  return pipeline.tables.flatMap(({ name: table, files: { required, min, max }, folder }): Finding[] => {
    const count = files.filter((file) => file.table === table).length;
    const finding = (code: Finding['code'], expected: string): Finding => ({
      code,
      table,
      expected,
      received: `${count}`,
      count,
      samples: [],
    });
    if (count === 0) return required ? [finding('missing-table', `a file in ${folder}/`)] : [];
    if (count < min) return [finding('too-few-files', `at least ${min}`)];
    if (count > max) return [finding('too-many-files', `at most ${max}`)];
    return [];
  });
}
