import type { CatalogueDatabase } from '../../adapters/catalogue';
import type { ObjectStore } from '../../adapters/object-store';
import { toS3Url } from '../../adapters/s3-calls';
import type { Pipeline } from '../../definition/pipeline';
import { snapshotPrefix } from '../../layout/object-keys';
import type { Dependencies } from '../dependencies';
import { snapshotOf } from '../curated/published-parts';
import {
  isCompleted,
  listPublishes,
  readPublish,
  readPublishesBack,
  type ListedPublish,
} from '../glue/publishes';

/** `table/snapshot` */
export const snapshotId = (table: string, snapshot: string): string => `${table}/${snapshot}`;

export interface KeptSnapshots {
  isKept(table: string, snapshot: string): boolean;
  /** Whether publishes are recorded for as long as the grace goes back: otherwise nobody knows what was superseded when. */
  isKnown: boolean;
}

/**
 * What readers see, or saw within the grace: what Glue points at, by parameter or location; what the last publish declared,
 * whether or not its tables were moved yet; and what any publish declared that another took the place of since. Also what
 * the latest complete run published, and those after it, though they were rolled back: the next run goes on from there.
 * @param cutoff UTC epoch seconds, by the store's clock
 */
export async function findKeptSnapshots(
  { store, catalogue }: Dependencies,
  pipeline: Pipeline,
  cutoff: number,
  signal: AbortSignal,
): Promise<KeptSnapshots> {
  const publishes = await listPublishes(store, pipeline, signal);
  const inGrace = publishes.filter((_, place) => {
    const next = publishes[place + 1];
    return next === undefined || next.since > cutoff;
  });
  const existing = await catalogue.readDatabase(pipeline.database, { signal });
  const databases: CatalogueDatabase[] = existing ? [existing] : [];
  for (const { publish } of inGrace) databases.push((await readPublish(store, pipeline, publish)).database);
  databases.push(...(await readLatestRuns(store, pipeline, publishes)));
  const tables = databases.flatMap(({ tables }) => tables);
  const ids = new Set(tables.map((table) => snapshotId(table.name, snapshotOf(table) ?? '')));
  const locations = tables.map(({ location }) => (location.endsWith('/') ? location : `${location}/`));
  const bucket = pipeline.areas.curated;
  return {
    isKnown: publishes[0] !== undefined && publishes[0].since <= cutoff,
    isKept: (table, snapshot) => {
      const folder = toS3Url({ bucket, key: snapshotPrefix(pipeline, table, snapshot) });
      // A person may have pointed a table of their own at it, or at all of a table's folder.
      return (
        ids.has(snapshotId(table, snapshot)) ||
        locations.some((location) => folder.startsWith(location) || location.startsWith(folder))
      );
    },
  };
}

async function readLatestRuns(
  store: ObjectStore,
  pipeline: Pipeline,
  publishes: readonly ListedPublish[],
): Promise<CatalogueDatabase[]> {
  const databases: CatalogueDatabase[] = [];
  for await (const record of readPublishesBack(store, pipeline, publishes)) {
    databases.push(record.database);
    if (record.kind === 'run' && (await isCompleted(store, pipeline, record))) break;
  }
  return databases;
}
