import { must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { SnapshotRecord } from '../../src/activities/curated/snapshot-record';
import { snapshotRecordKey } from '../../src/layout/log-keys';
import type { DeliveryRef } from '../../src/layout/delivery';
import type { GcResult, RollbackResult } from '../../src/layout/maintenance';
import { Bench, FOLDERS } from './bench';
import { toPublished } from './take-through';

const DELTA = `a: table({ files: { required: false }, columns: { id: column.int64() }, mode: 'delta' }),`;
const OTHER = `b: table({ files: { required: false }, columns: { id: column.int64() } }),`;

const catalogue = createGlueCatalogue();
let bench: Bench;
beforeEach(async () => {
  bench = await Bench.create({ tables: DELTA + OTHER });
});
afterEach(() => bench.close());

async function publish(requested: number, folder = 'a'): Promise<DeliveryRef> {
  await bench.land(`${folder}-data/x.csv`, `id\n${requested}\n`);
  const delivery = await bench.take({ requested });
  await toPublished(bench.run(), delivery);
  return delivery;
}

const gc = (): Promise<GcResult> =>
  bench.run().sweepSnapshots({ pipeline: bench.pipeline.name, graceSeconds: 0, dryRun: false });

async function rollBack(to?: number): Promise<RollbackResult> {
  const run = bench.run();
  const request = { kind: 'rollback', pipeline: bench.pipeline.name, dryRun: false } as const;
  const input = { ...request, by: 'Ann', why: 'a test', ...(to === undefined ? {} : { to }) };
  await run.planRollback(input);
  return run.rollBackTables(input);
}

/** The deliveries whose rows the readers of the delta table see. */
async function readDeliveries(): Promise<number[]> {
  const { tables } = must(await catalogue.readDatabase(bench.pipeline.database));
  const snapshot = must(tables.find(({ name }) => name === 'a')).parameters['landfall.snapshot'] ?? '';
  const record = JSON.parse(
    String(await bench.pipeline.read('log', snapshotRecordKey(FOLDERS, 'a', snapshot))),
  ) as SnapshotRecord;
  for (const { key } of record.parts) await bench.pipeline.read('curated', key);
  return record.parts.flatMap(({ holds = [] }) => holds.map(({ fileLandTimestamp }) => fileLandTimestamp));
}

describe('gc beside a table in mode delta', () => {
  test('keeps what was rolled back, and the next delivery has its rows', async () => {
    for (const requested of [1000, 2000, 3000]) await publish(requested);
    expect(await bench.keys('processed')).toEqual([]);
    await rollBack(1000);
    expect(await readDeliveries()).toEqual([1000]);
    // Of table a: what Glue points at, and what the last run published.
    await gc();
    await gc();
    await publish(4000);
    expect(await readDeliveries()).toEqual([1000, 2000, 3000, 4000]);
  });

  test('keeps the last snapshot of a table that is declared no more, whose rows are there when it is declared again', async () => {
    for (const requested of [1000, 2000]) await publish(requested);
    await bench.release(OTHER);
    for (const requested of [3000, 4000]) await publish(requested, 'b');
    // Of a: the second; of b: the last.
    expect(await gc()).toMatchObject({ kept: 2, strangers: 0 });
    expect(await gc()).toMatchObject({ kept: 2, snapshots: 0 });
    await bench.release(DELTA + OTHER);
    await publish(5000);
    expect(await readDeliveries()).toEqual([1000, 2000, 5000]);
  });
});
