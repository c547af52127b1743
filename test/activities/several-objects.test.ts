import { gunzipSync } from 'node:zlib';
import pl from 'nodejs-polars';
import type { PublicationReport } from '../../src/activities/report/report';
import type { DeliveryRef } from '../../src/layout/delivery';
import { must } from '../adapters/test-buckets';
import { Bench } from './bench';
import { toPublished } from './take-through';

const ROWS = 60_000;
const CSV = `id,name\n${Array.from({ length: ROWS }, (_, id) => `${id},row number ${id}\n`).join('')}`;
const FOLDER = 'production-environment/my-database-data/a-data/file_land_timestamp=1534968800/';
const OBJECTS = ['', '.part-0002', '.part-0003', '.part-0004', '.part-0005'].map(
  (part) => `${FOLDER}x_1534968800${part}.jsonl.gz`,
);

let bench: Bench;
afterEach(() => bench.close());

async function publish(mode: string): Promise<{ delivery: DeliveryRef; report: PublicationReport }> {
  const tables = `a: table({
    mode: '${mode}', processed: { objectBytes: ${1024 ** 2} },
    columns: { id: column.int64(), name: column.string() },
  }),`;
  bench = await Bench.create({ hasRaw: false, tables });
  await bench.land('a-data/x.csv', CSV);
  const delivery = await bench.take({ requested: 1_534_968_800 });
  await toPublished(bench.run(), delivery);
  return { delivery, report: must(await bench.readRecord<PublicationReport>(delivery, 'published')) };
}

async function readCurated(): Promise<unknown[]> {
  const parts = await Promise.all(
    (await bench.keys('curated')).map(async (key) =>
      pl.readParquet(await bench.pipeline.read('curated', key)),
    ),
  );
  return parts.flatMap((part) => part.getColumn('id').toArray());
}

test('a large file becomes several objects, and all its rows are in curated, in their order', async () => {
  const { report } = await publish('rebuild');
  expect((await bench.keys('processed')).sort()).toEqual([...OBJECTS].sort());
  const contents = await Promise.all(
    OBJECTS.map(async (key) => gunzipSync(await bench.pipeline.read('processed', key)).toString()),
  );
  const lines = contents.join('').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([...Array(ROWS).keys()]);
  expect(report.files).toMatchObject([
    { processed: OBJECTS, rows: { landed: ROWS, processed: ROWS, rejected: 0, addedByTransform: 0 } },
  ]);
  expect(await readCurated()).toEqual([...Array(ROWS).keys()]);
});

test('in mode delta all of them are deleted once their rows are published', async () => {
  const { delivery } = await publish('delta');
  expect(await bench.keys('processed')).toEqual([]);
  expect(await bench.readRecord(delivery, 'emptied')).toMatchObject({ deleted: OBJECTS.length, kept: 0 });
  expect(await readCurated()).toEqual([...Array(ROWS).keys()]);
});
