import type { ObjectStore } from '../../adapters/object-store';
import type { NoteName } from '../../definition/completeness';
import type { Pipeline } from '../../definition/pipeline';
import { pipelinePrefix } from '../../layout/object-keys';
import { cancellationSignal } from '../context';
import { claimFile } from './claim-file';
import { findNotePath } from './delivery-notes';
import { findUnrest, type Look } from './find-unrest';
import type { Landed } from './landed-objects';
import { matchListing } from './match-listing';
import { readSupplierManifest } from './read-supplier-manifest';

/** What of that which waits is a complete delivery; nothing, and what is missing, when none is. */
export type Selection =
  /** `overdue` where the pipeline waits for quiet and waited long enough. */
  { objects: Landed[]; missing: undefined; overdue?: true } | { objects: []; missing: string[] };

const NAMED = 5;

const complete = (objects: Landed[]): Selection => ({ objects, missing: undefined });
const lacking = (...missing: string[]): Selection => ({ objects: [], missing });

/**
 * Finds what is complete, as the pipeline's `complete` has it. What was uploaded after the newest marker or complete
 * manifest, and what only an incomplete manifest lists, waits for its own; so one that never comes holds up no other.
 */
export async function selectComplete(
  store: ObjectStore,
  pipeline: Pipeline,
  waiting: Landed[],
  look: Look,
): Promise<Selection> {
  const { marker, manifest, tables } = pipeline.complete;
  let selection: Selection = complete(waiting);
  if (marker) selection = closeByMarker(pipeline, marker, waiting);
  if (manifest) selection = await closeByManifest(store, pipeline, manifest, waiting);
  if (selection.missing) return selection;
  const { objects } = selection;
  const missing = tables ? findMissingTables(pipeline, objects) : [];
  const unrest = await findUnrest(store, pipeline, objects, look);
  if (unrest !== undefined && unrest !== 'overdue') missing.push(unrest.waitsFor);
  if (missing.length > 0) return lacking(...missing);
  return unrest === 'overdue' ? { ...selection, overdue: true } : selection;
}

const newestOf = (objects: readonly Landed[]): number =>
  objects.reduce((newest, { lastModified }) => Math.max(newest, lastModified), 0);

const isNote = (pipeline: Pipeline, { key }: Landed): boolean => findNotePath(pipeline, key) !== undefined;

const missingNote = (pipeline: Pipeline, what: string, { written }: NoteName): Selection =>
  lacking(`${what} ${written} in ${pipelinePrefix(pipeline)}`);

function closeByMarker(pipeline: Pipeline, marker: NoteName, waiting: readonly Landed[]): Selection {
  const closing = newestOf(waiting.filter((object) => isNote(pipeline, object)));
  if (closing === 0) return missingNote(pipeline, 'the marker', marker);
  return complete(waiting.filter(({ lastModified }) => lastModified <= closing));
}

async function closeByManifest(
  store: ObjectStore,
  pipeline: Pipeline,
  manifest: NonNullable<Pipeline['complete']['manifest']>,
  waiting: readonly Landed[],
): Promise<Selection> {
  const notes = waiting.filter((object) => isNote(pipeline, object));
  const files = waiting.filter((object) => !isNote(pipeline, object));
  const taken = new Set<string>();
  const spokenFor = new Set<string>();
  const missing: string[] = [];
  let closing = 0;
  for (const note of notes) {
    const listing = await readSupplierManifest(store, pipeline, manifest, note, cancellationSignal());
    // One that cannot be read is taken, so that the refusal says what is wrong with it.
    const matched = matchListing(pipeline, 'files' in listing ? listing.files : [], files);
    const isComplete = matched.missing.length === 0;
    if (isComplete) {
      closing = Math.max(closing, note.lastModified);
      taken.add(note.key);
    } else missing.push(describeMissing(note.key, matched.missing));
    for (const key of matched.listed.keys()) (isComplete ? taken : spokenFor).add(key);
  }
  if (notes.length === 0) return missingNote(pipeline, "the supplier's manifest", manifest.name);
  if (taken.size === 0) return lacking(...missing);
  // What nobody lists and was there when the manifest came is taken with it, to be refused by name.
  const isUnlisted = ({ key, lastModified }: Landed): boolean =>
    !spokenFor.has(key) && lastModified <= closing;
  return complete([
    ...notes.filter(({ key }) => taken.has(key)),
    ...files.filter((object) => taken.has(object.key) || isUnlisted(object)),
  ]);
}

function describeMissing(manifest: string, missing: readonly string[]): string {
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  return `what ${manifest} lists: ${missing.slice(0, NAMED).join(', ')}${more}`;
}

function findMissingTables(pipeline: Pipeline, objects: readonly Landed[]): string[] {
  const counts = new Map<string, number>();
  const strangers: string[] = [];
  for (const object of objects) {
    if (isNote(pipeline, object)) continue;
    const claimed = claimFile(pipeline, 0, object);
    if ('code' in claimed) strangers.push(object.key);
    else counts.set(claimed.table, (counts.get(claimed.table) ?? 0) + 1);
  }
  const missing = pipeline.tables.flatMap(({ name, folder, files: { required, min } }) => {
    const count = counts.get(name) ?? 0;
    return required && count < min
      ? [`files of table ${name} in ${pipelinePrefix(pipeline)}${folder}/: ${count} of at least ${min}`]
      : [];
  });
  // A misspelt name is why a table is missing, more often than not.
  return missing.length > 0 && strangers.length > 0
    ? [...missing, `(no table's: ${strangers.slice(0, NAMED).join(', ')})`]
    : missing;
}
