import fc from 'fast-check';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { snapshotRecordKey } from '../../src/layout/log-keys';
import { planPipeline } from '../../src/plan/plan-pipeline';
import { UnavailableError } from '../../src/errors';
import type { ObjectStore } from '../../src/adapters/object-store';
import { failureOf, must } from '../adapters/test-buckets';
import { FOLDERS } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readSnapshot } from './read-published';
import { toCurated, toPublished, toProcessed, toArchived, type Call } from './take-through';
import {
  COLUMNS,
  deliveriesOf,
  FIRST,
  FOLDER_COLUMNS,
  ROWS,
  ROWS_OF_COURTS,
  rowOf,
  tableOf,
  twice,
  UPSERT,
  UpsertedTable,
  type Delivery,
  type Row,
} from './upserted-table';

/** An empty one is no folder. */
const withCodes = (row: fc.Arbitrary<Row>): fc.Arbitrary<Row> => row.filter(({ code }) => code !== '');

let table: UpsertedTable;
const open = async (tables = tableOf('delta')): Promise<UpsertedTable> =>
  (table = await UpsertedTable.open(tables));
afterEach(() => table.close());

const mergedIn = ({ tables }: RunResult) => must(tables.find(({ table: name }) => name === 'a')).merged;

test.each([
  ['', ROWS, COLUMNS, ''],
  [', in folders', ROWS_OF_COURTS, FOLDER_COLUMNS, `, partitionBy: ['court']`],
  [', in folders by a column of the key', ROWS, COLUMNS, `, partitionBy: ['code']`],
])(
  'any deliveries, late or not, retried anyhow, cut short or swept behind, are in either mode the same rows%s',
  async (_name, row, columns, folders) => {
    await fc.assert(
      fc.asyncProperty(deliveriesOf(5, folders.includes('code') ? withCodes(row) : row), async (all) => {
        // Files of a few rows, so that there are more of them as the table grows.
        const curated = `${UPSERT}, maxSourceBytes: 250${folders}`;
        const rebuild = await open(tableOf('rebuild', curated, columns));
        const delta = await open(tableOf('delta', curated, columns));
        const publishAs = async (delivery: DeliveryRef, { times, ended, swept }: Delivery) => {
          const call: Call = async (attempt) => {
            for (let more = 1; more < times; more += 1) await attempt();
            return attempt();
          };
          const wanted = await toPublished(rebuild.run(), {
            ...delivery,
            pipeline: rebuild.bench.pipeline.name,
          });
          const run = delta.run();
          const deleteFromProcessed = () => Promise.resolve({ deleted: 0, kept: 0 });
          const found = await toPublished(ended ? { ...run, deleteFromProcessed } : run, delivery, call);
          const kept = { kept: 1, strangers: 0 };
          expect(swept ? await delta.sweep() : kept).toMatchObject(kept);
          expect(await delta.read(delivery)).toEqual(await rebuild.read(delivery));
          expect(mergedIn(found)).toEqual(mergedIn(wanted));
          expect(ended ? [] : await delta.processed()).toEqual([]);
        };
        const waiting: { turn: number; go: () => Promise<void> }[] = [];
        for (const [place, of] of all.entries()) {
          const isLate = of.late > 0;
          const rows = isLate ? twice(of.rows) : of.rows;
          for (const each of [rebuild, delta])
            await (isLate ? each.refuse(rows, place) : each.land(rows, place));
          const delivery = { pipeline: delta.bench.pipeline.name, fileLandTimestamp: FIRST + place };
          const go = async () => {
            for (const each of isLate ? [rebuild, delta] : []) await each.accept(delivery);
            await publishAs(delivery, of);
          };
          waiting.push({ turn: place + of.late, go });
          if (of.again)
            waiting.push({
              turn: place + of.late + 1,
              go: () => publishAs(delivery, { ...of, times: 1, ended: false }),
            });
          for (const each of waiting.filter(({ turn }) => turn === place)) await each.go();
        }
        const rest = waiting.filter(({ turn }) => turn >= all.length);
        for (const { go } of rest.sort((a, b) => a.turn - b.turn)) await go();
        rebuild.close();
        delta.close();
      }),
      { numRuns: 5, endOnFailure: true },
    );
  },
  300_000,
);

test('a run reads its own delivery and what is published, and copies what the delivery does not touch', async () => {
  await open(tableOf('delta', `${UPSERT}, maxSourceBytes: 270`));
  const ids = Array.from({ length: 40 }, (_, id) => id);
  await table.publish(
    ids.map((id) => rowOf(id, 'first', id % 5 === 0)),
    0,
  );
  const of = table.made.length;
  expect(of).toBeGreaterThan(10);
  table.made = [];
  const second = await table.publish([rowOf(7, 'second')], 1);
  expect(table.counts()).toEqual(Array(of).fill({ read: 1, base: true, of }));
  const { reused, parts } = await readSnapshot(table.bench, second);
  expect(reused).toBe(of - 1);
  expect(await table.notes(second)).toEqual([...Array<string>(31).fill('first'), 'second']);
  // Those of the snapshot before are copied with them.
  const keys = parts.flatMap(({ deletedKeys }) => (deletedKeys ? [deletedKeys] : []));
  expect(keys.reduce((sum, { rows }) => sum + rows, 0)).toBe(8);
  for (const { key, bytes } of keys)
    expect(await table.bench.pipeline.read('curated', key)).toHaveLength(bytes);
});

test('a table that grows becomes twice as many files, and keeps what it knows', async () => {
  await open(tableOf('delta', `${UPSERT}, maxSourceBytes: 900`));
  const some = (from: number, note: string, gone = false): Row[] =>
    Array.from({ length: 8 }, (_, id) => rowOf(from + id, note, gone));
  await table.publish([...some(0, 'a'), ...some(10, 'b', true)], 0);
  await table.publish([rowOf(0, 'e')], 1);
  const before = table.counts().at(-1)?.of ?? 0;
  const last = await table.publish([...some(20, 'c'), ...some(30, 'd')], 2);
  const { parts } = await readSnapshot(table.bench, last);
  expect([before, parts.length]).toEqual([2, 4]);
  const notes = ['a', 'c', 'd'].flatMap((note) => Array<string>(note === 'a' ? 7 : 8).fill(note));
  expect(await table.notes(last)).toEqual([...notes, 'e']);
  const sum = (of: 'superseded' | 'deleted') => parts.reduce((all, { merged }) => all + must(merged)[of], 0);
  expect([sum('superseded'), sum('deleted')]).toEqual([1, 8]);
});

describe('deleted keys', () => {
  test('are beside the table, and what comes late does not bring them back', async () => {
    await open();
    const first = await table.refuse(twice([rowOf(1, 'old'), rowOf(2, 'old')]), 0);
    await table.publish([rowOf(1, '-', true), rowOf(3, 'new')], 1);
    await table.publish([rowOf(4, 'new')], 2);
    const late = await table.accept(first);
    await toPublished(table.run(), late);
    expect(await table.notes(late)).toEqual(['new', 'new', 'old']);
    const { parts, holds } = await readSnapshot(table.bench, late);
    expect(holds?.map(({ fileLandTimestamp }) => fileLandTimestamp - FIRST)).toEqual([0, 1, 2]);
    const folder = must(parts[0]).key.replace(/[^/]+$/, '');
    const inFolder = (await table.bench.keys('curated')).filter((key) => key.startsWith(folder));
    expect(inFolder).toEqual(parts.map(({ key }) => key));
    expect(must(parts[0]).deletedKeys).toMatchObject({ rows: 1 });
  });

  test('that are damaged keep what is processed where it is, and are told before a rollback', async () => {
    await open();
    await table.publish([rowOf(1, '-', true)], 0);
    const { delivery, run } = await table.publishOnly([rowOf(2, 'b')], 1);
    const { key } = must(must((await readSnapshot(table.bench, delivery)).parts[0]).deletedKeys);
    await table.bench.put('curated', key, 'other');
    const failure = await failureOf(run.deleteFromProcessed(delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain(key);
    expect(await table.processed()).toHaveLength(1);
    const request = { kind: 'rollback', pipeline: table.bench.pipeline.name, dryRun: true } as const;
    const rollback = await failureOf(
      table.bench.run().planRollback({ ...request, to: FIRST + 1, by: 'Ann', why: 'a test' }),
    );
    expect(rollback.message).toContain(`${key} is another object`);
    const plan = await planPipeline(
      { store: table.bench.store, catalogue: createGlueCatalogue() },
      must(table.bench.pipelines[0]),
    );
    expect(plan.snapshots.map(({ object }) => object)).toEqual([
      `s3://${table.bench.pipeline.areas.curated}/${key}`,
    ]);
    const again = await failureOf(toPublished(table.run(), delivery));
    expect(again.name).toBe('IntegrityError');
    expect(again.message).toContain(
      `${key}, which has the deleted keys of a part that is there, is missing or another`,
    );
  });

  test('that an attempt left without their part are taken by the next', async () => {
    await open();
    await table.publish([rowOf(1, 'a'), rowOf(2, '-', true)], 0);
    const { delivery, run } = await table.process([rowOf(1, '-', true)], 1);
    const { pipelines, store } = table.bench;
    const failing: ObjectStore = {
      ...store,
      writeOnce: (to, ...rest) =>
        to.key.includes('/_deleted/')
          ? store.writeOnce(to, ...rest)
          : Promise.reject(new UnavailableError({ happened: 'Away.', next: 'Wait.' })),
    };
    const engine = createTellingEngine({ pipelines, store: failing }, () => undefined);
    const before = await table.bench.keys('curated');
    await run.planCuration(delivery);
    const attempt = table.bench.run({ engine }, run.runId).writeCurated({ ...delivery, table: 'a' });
    expect((await failureOf(attempt)).name).toBe('UnavailableError');
    const left = (await table.bench.keys('curated')).filter((key) => !before.includes(key));
    expect(left).toEqual([expect.stringContaining('/_deleted/')]);
    await run.writeCurated({ ...delivery, table: 'a' });
    await run.publishDatabase(delivery);
    await run.writeReport(delivery);
    expect(await run.deleteFromProcessed(delivery)).toEqual({ deleted: 1, kept: 0 });
    const { parts } = await readSnapshot(table.bench, delivery);
    expect(must(parts[0]).deletedKeys).toMatchObject({ key: left[0], rows: 2 });
  });

  test('that are gone do not stand in for those of the snapshot before', async () => {
    await open();
    const first = await table.publish([rowOf(1, '-', true)], 0);
    const second = await table.publish([rowOf(2, 'b')], 1);
    await table.bench.erase(
      'curated',
      must(must((await readSnapshot(table.bench, second)).parts[0]).deletedKeys).key,
    );
    expect(await table.sweep()).toMatchObject({ snapshots: 0, kept: 2 });
    await table.bench.pipeline.read(
      'curated',
      must(must((await readSnapshot(table.bench, first)).parts[0]).deletedKeys).key,
    );
  });

  test('are swept with their part, and kept with the last that holds rows', async () => {
    await open();
    await table.publish([rowOf(1, '-', true)], 0);
    await table.publish([rowOf(2, 'b')], 1);
    expect(await table.bench.keys('curated')).toHaveLength(4);
    expect(await table.sweep()).toMatchObject({ snapshots: 1, files: 2, kept: 1, strangers: 0 });
    expect(await table.bench.keys('curated')).toHaveLength(2);
    // Whose run ended before its record was written.
    const { delivery, run } = await table.process([rowOf(3, '-', true)], 2);
    await toCurated(run, delivery);
    const { curations } = JSON.parse(
      String(
        await table.bench.pipeline.read(
          'log',
          `production-environment/my-database-data/runs/${run.runId}/curated/0.json`,
        ),
      ),
    ) as { curations: { snapshot: string }[] };
    await table.bench.erase('log', snapshotRecordKey(FOLDERS, 'a', must(curations[0]).snapshot));
    expect(await table.sweep()).toMatchObject({ snapshots: 1, files: 2, kept: 1, strangers: 0 });
    expect(await table.notes(await table.publish([rowOf(1, '-', true)], 3))).toEqual(['b']);
  });
});

test('rows that are unaccounted for are not published', async () => {
  await open();
  await table.publish([rowOf(1, 'a'), rowOf(2, '-', true)], 0);
  const delivery = await table.land([rowOf(1, 'b'), rowOf(3, 'c')], 1);
  const engine = createTellingEngine(
    { pipelines: table.bench.pipelines, store: table.bench.store },
    () => undefined,
  );
  const losing = {
    ...engine,
    writeCuratedPart: (task: WriteCuratedPartTask) => {
      const base = must(task.base);
      return engine.writeCuratedPart({
        ...task,
        base: { ...base, merged: { ...base.merged, superseded: 1 } },
      });
    },
  };
  const run = table.bench.run({ engine: losing });
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const failure = await failureOf(toCurated(run, delivery));
  expect(failure.name).toBe('IntegrityError');
  expect(failure.message).toMatch(
    /Table "a": 4 rows are processed, but 2 were written to curated, 2 superseded and 1 deleted/,
  );
});
