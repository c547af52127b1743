import type { Pipeline } from '../../definition/pipeline';
import type { ObjectStore } from '../../adapters/object-store';
import { listPublished } from '../deliveries';
import { readPublishesBack } from '../glue/publishes';
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
  for await (const { kind, database } of readPublishesBack(store, pipeline)) {
    if (kind === 'run') found = { ...snapshotsOf(database.tables), ...found };
    if (found && tables.every((table) => found?.[table] !== undefined)) break;
  }
  return { ...(await readNewestReport(store, pipeline)), ...found };
}

async function readNewestReport(store: ObjectStore, pipeline: Pipeline): Promise<Record<string, string>> {
  const [newest] = await listPublished(store, pipeline);
  if (newest === undefined) return {};
  const report = await findDeliveryRecord<PublicationReport>(store, pipeline, newest, 'published');
  const snapshots = Object.entries(report?.locations ?? {}).flatMap(([table, location]) => {
    const snapshot = /\/snapshot=([0-9a-f]{16})\/$/.exec(location)?.[1];
    return snapshot === undefined ? [] : [[table, snapshot] as const];
  });
  return Object.fromEntries(snapshots);
}
