import type { Pipeline } from '../../definition/pipeline';
import type { ObjectStore } from '../../adapters/object-store';
import { listDeliveries } from '../deliveries';
import { findDeliveryRecord } from '../records';
import type { PublicationReport } from '../report/report';

/**
 * The snapshot of each table that the newest published delivery's report names. It is where rows are that are in processed
 * no more, also where somebody has deleted the Glue database or moved it back.
 */
export async function readReportedSnapshots(
  store: ObjectStore,
  pipeline: Pipeline,
): Promise<Record<string, string>> {
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
