import type { Finding } from '../../checks/finding';
import {
  addVolume,
  judgeVolumes,
  NO_VOLUME,
  type TableVolumes,
  type Volume,
} from '../../checks/judge-volumes';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { currentRunId } from '../context';
import { listDeliveries } from '../deliveries';
import { findRecord, readDeliveryRecord, writeRecord } from '../records';
import type { PublicationReport } from '../report/report';
import { findTableOf } from './claim-file';

/**
 * Judges how much came: each table's files, rows and bytes, against its ranges and against published deliveries with an
 * earlier timestamp. Records what was compared with what, for the run's report.
 */
export async function weighDelivery(
  store: ObjectStore,
  pipeline: Pipeline,
  { fileLandTimestamp }: DeliveryRef,
  received: ReadonlyMap<string, Volume>,
): Promise<{ volumes: TableVolumes[]; findings: Finding[] }> {
  const history = await readHistory(store, pipeline, fileLandTimestamp);
  const judged = pipeline.tables.map((table) => {
    const earlier = history.slice(0, table.volumes.history?.last ?? 0).flatMap((delivery) => {
      const volume = delivery.volumes.get(table.name);
      return volume ? [{ ...volume, fileLandTimestamp: delivery.fileLandTimestamp }] : [];
    });
    return judgeVolumes(table, received.get(table.name) ?? NO_VOLUME, earlier);
  });
  const volumes = judged.map((each) => each.volumes);
  await writeRecord(store, pipeline.areas.log, volumesKey(pipeline), { volumes });
  return { volumes, findings: judged.flatMap(({ findings }) => findings) };
}

const volumesKey = (pipeline: Pipeline): string => batchRecordKey(pipeline, currentRunId(), 'volumes', 0);

/** What `weighDelivery` recorded in this run. */
export async function readVolumes(store: ObjectStore, pipeline: Pipeline): Promise<TableVolumes[]> {
  const record = await findRecord<{ volumes: TableVolumes[] }>(
    store,
    pipeline.areas.log,
    volumesKey(pipeline),
  );
  return record?.volumes ?? [];
}

/** The latest published deliveries before this one, newest first; no more of them are read than any table looks at. */
async function readHistory(
  store: ObjectStore,
  pipeline: Pipeline,
  before: number,
): Promise<{ fileLandTimestamp: number; volumes: Map<string, Volume> }[]> {
  const last = Math.max(...pipeline.tables.map(({ volumes }) => volumes.history?.last ?? 0));
  if (last === 0) return [];
  const published = [...(await listDeliveries(store, pipeline))].flatMap(([timestamp, has]) =>
    timestamp < before && has.has('published') ? timestamp : [],
  );
  const history = [];
  for (const fileLandTimestamp of published.sort((a, b) => b - a).slice(0, last)) {
    const volumes = new Map<string, Volume>();
    const { files } = await readDeliveryRecord<PublicationReport>(
      store,
      pipeline,
      fileLandTimestamp,
      'published',
    );
    for (const { table, file: key, rows, bytes } of files) {
      const name = findTableOf(pipeline, { table, key });
      if (name !== undefined) volumes.set(name, addVolume(volumes.get(name), rows.landed, bytes));
    }
    history.push({ fileLandTimestamp, volumes });
  }
  return history;
}
