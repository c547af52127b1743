import type { Pipeline } from '../../definition/pipeline';
import type { ObjectStore } from '../../adapters/object-store';
import { listDeliveries } from '../deliveries';
import { listPublishes, readPublish } from '../glue/publishes';
import { findDeliveryRecord } from '../records';
import type { PublicationReport } from '../report/report';
import { snapshotsOf } from './published-parts';

/**
 * The snapshot of each table that the last run to publish it declared, whatever was rolled back since: it has all that was
 * processed. It is where rows are that are in processed no more, also where somebody has deleted the Glue database or moved
 * it back. Where no publish is recorded, the newest published delivery's report names it.
 * @param tables of which one that is not in the last publish, since it was not declared then, is looked for in earlier ones
 */
export async function readReportedSnapshots(
  store: ObjectStore,
  pipeline: Pipeline,
  tables: readonly string[],
): Promise<Record<string, string>> {
  let found: Record<string, string> | undefined;
  for (const { publish } of (await listPublishes(store, pipeline)).reverse()) {
    const { kind, database } = await readPublish(store, pipeline, publish);
    if (kind === 'run') found = { ...snapshotsOf(database.tables), ...found };
    if (found && tables.every((table) => found?.[table] !== undefined)) break;
  }
  return { ...(await readNewestReport(store, pipeline)), ...found };
}

async function readNewestReport(store: ObjectStore, pipeline: Pipeline): Promise<Record<string, string>> {
  const known = await listDeliveries(store, pipeline);
  const published = [...known].filter(([, has]) => has.has('published')).map(([timestamp]) => timestamp);
  if (published.length === 0) return {};
  const newest = published.reduce((a, b) => Math.max(a, b));
  const report = await findDeliveryRecord<PublicationReport>(store, pipeline, newest, 'published');
  const snapshots = Object.entries(report?.locations ?? {}).flatMap(([table, location]) => {
    const snapshot = /\/snapshot=([0-9a-f]{16})\/$/.exec(location)?.[1];
    return snapshot === undefined ? [] : [[table, snapshot] as const];
  });
  return Object.fromEntries(snapshots);
}
