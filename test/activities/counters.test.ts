import { sumCounters } from '../../src/activities/report/sum-counters';
import type { ProcessedRecord } from '../../src/activities/records';
import type { PublicationReport } from '../../src/activities/report/report';
import { Bench } from './bench';
import { toArchived, toCurated, toProcessed } from './take-through';

const TABLES = `a: table({
  columns: { id: column.int64() },
  transform: {
    columns: { id: column.int64() },
    row: (row, { count }) => {
      count('ids', Number(row.id));
      if (row.id > 2n) count('large');
      return row;
    },
  },
}),
b: table({ columns: { id: column.int64() } }),`;

test('what transforms count stands by file in the record and the report, summed by table in the result', async () => {
  const bench = await Bench.create({ tables: TABLES });
  await bench.land('a-data/x.csv', 'id\n1\n2\n');
  await bench.land('a-data/y.csv', 'id\n3\n4\n');
  await bench.land('b-data/z.csv', 'id\n5\n');
  const delivery = await bench.take({ requested: 1_534_968_800 });
  const run = bench.run();
  const plan = await toArchived(run, delivery);
  await toProcessed(run, delivery, plan);
  const counted = async () =>
    (await bench.readRecord<ProcessedRecord>(delivery, 'processed'))?.files.map(({ counters }) => counters);
  const expected = [{ ids: 3 }, { ids: 7, large: 2 }, undefined];
  expect(await counted()).toEqual(expected);
  // Once more, as another attempt.
  const again = bench.run();
  await toProcessed(again, delivery, await again.planDelivery(delivery));
  expect(await counted()).toEqual(expected);
  await toCurated(run, delivery);
  await run.publishDatabase(delivery);
  const { tables } = await run.writeReport(delivery);
  expect(tables.map(({ counters }) => counters)).toEqual([{ ids: 10, large: 2 }, undefined]);
  const report = await bench.readRecord<PublicationReport>(delivery, 'published');
  expect(report?.files.map(({ counters }) => counters)).toEqual(expected);
  bench.close();
});

test('a result has the first 50 names of a table, and how many there are beyond them', () => {
  const names = Array.from({ length: 60 }, (_, at) => `n${10 + at}`);
  const files = names.map((name) => ({ counters: { [name]: 1, z: 2 } }));
  const { counters, moreCounters } = sumCounters([...files, {}]);
  expect(Object.keys(counters ?? {})).toEqual(names.slice(0, 50));
  expect(moreCounters).toBe(11);
  expect(sumCounters([{}])).toEqual({});
});
