import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import type { SnapshotRecord } from '../../src/activities/curated/snapshot-record';
import type { PublicationReport } from '../../src/activities/report/report';
import type { DeliveryRef } from '../../src/layout/delivery';
import { snapshotRecordKey } from '../../src/layout/log-keys';
import { must } from '../adapters/test-buckets';
import { FOLDERS, type Bench } from './bench';

/** What a delivery published of a table. */
export async function readSnapshot(of: Bench, delivery: DeliveryRef, table = 'a'): Promise<SnapshotRecord> {
  const { locations } = must(await of.readRecord<PublicationReport>(delivery, 'published'));
  const snapshot = /snapshot=([0-9a-f]+)/.exec(locations[table] ?? '')?.[1] ?? '';
  return JSON.parse(
    String(await of.pipeline.read('log', snapshotRecordKey(FOLDERS, table, snapshot))),
  ) as SnapshotRecord;
}

/** What readers see of a table after a delivery, file by file, row by row. */
export async function readRows(of: Bench, delivery: DeliveryRef, table = 'a'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  const rows: string[] = [];
  for (const { key, partition } of (await readSnapshot(of, delivery, table)).parts) {
    const path = join(folder, 'part.parquet');
    await writeFile(path, await of.pipeline.read('curated', key));
    const frame = pl.readParquet(path);
    const folders = Object.entries(partition ?? {}).map(([name, value]) => pl.lit(value).alias(name));
    const text = frame
      .withColumns(...folders)
      .writeJSON({ format: 'lines' })
      .toString();
    rows.push(`-- ${must(text.trimEnd().split('\n').length)} rows`, ...text.trimEnd().split('\n'));
  }
  await rm(folder, { recursive: true });
  return rows;
}
