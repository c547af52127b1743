import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import type { ObjectStore } from '../../src/adapters/object-store';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import { planPipeline } from '../../src/plan/plan-pipeline';
import { snapshotRecordKey } from '../../src/layout/log-keys';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench, FOLDERS, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows, readSnapshot } from './read-published';
import { toArchived, toCurated, toDecided, toProcessed, toPublished, type Call } from './take-through';

const FIRST = 1_534_968_800;
const COLUMNS =
  'id: column.int64(), code: column.string(), note: column.string().nullable(), gone: column.boolean()';
const UPSERT = `upsert: { deletedWhere: 'gone' }`;
const tableOf = (mode: string, curated = UPSERT, columns = COLUMNS): string =>
  `a: table({ format: jsonLines(), files: { name: /.*/ }, columns: { ${columns} }, mode: '${mode}',
    primaryKey: ['code', 'id'], curated: { ${curated} } }),`;

interface Row {
  id: string;
  code: string;
  note: string | null;
  gone: boolean;
}
interface Delivery {
  /** Of different keys. */
  rows: Row[];
  /** Refused, and accepted after so many others; on time where there is none. */
  late: number;
  /** How often each step of it is called. */
  times: number;
  /** A run does all of it once more when others have been published since. */
  again: boolean;
}

const lineOf = ({ id, code, note, gone }: Row): string =>
  `{"id":${id},"code":${JSON.stringify(code)},"note":${JSON.stringify(note)},"gone":${gone}}\n`;
const keyOf = ({ id, code }: Row): string => JSON.stringify([code, id]);
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.constantFrom('9007199254740992', '9007199254740993', '-1'),
  code: fc.constantFrom('', 'a', 'A', 'é', 'é'),
  note: fc.option(fc.string({ maxLength: 5 })),
  gone: fc.boolean(),
});
const deliveries: fc.Arbitrary<Delivery[]> = fc.array(
  fc.record({
    rows: fc.uniqueArray(row, { selector: keyOf, minLength: 1, maxLength: 8 }),
    late: fc.nat({ max: 3 }),
    times: fc.integer({ min: 1, max: 2 }),
    again: fc.boolean(),
  }),
  { minLength: 2, maxLength: 5 },
);

let bench: Bench;
let made: WriteCuratedPartTask[] = [];
const open = async (tables = tableOf('delta')): Promise<Bench> =>
  (bench = await Bench.create({ hasRaw: false, hasQuarantine: true, tables }));
beforeEach(() => {
  made = [];
});
afterEach(() => bench.close());

function runOf(of = bench, store?: ObjectStore): Attempts {
  const engine = createTellingEngine({ pipelines: of.pipelines, store: of.store }, (task) => made.push(task));
  return of.run({ engine, ...(store ? { store } : {}) });
}

async function land(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  await of.land('a-data/x.jsonl', rows.map(lineOf).join(''));
  return of.take({ requested: FIRST + place });
}

/** Refused, since a key occurs twice, until somebody accepts it. */
async function refuse(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  const delivery = await land(rows, place, of);
  const run = runOf(of);
  expect((await failureOf(toDecided(run, delivery))).name).toBe('DeliveryRefusedError');
  await run.moveToQuarantine(delivery);
  return delivery;
}

const twice = (rows: readonly Row[]): Row[] => [...rows, { ...must(rows[0]), note: 'twice' }];

const accept = ({ fileLandTimestamp }: DeliveryRef, of = bench): Promise<DeliveryRef> =>
  of.take({ requested: fileLandTimestamp, decision: { kind: 'accept', by: 'me', why: 'it is all' } });

async function publish(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  const delivery = await land(rows, place, of);
  await toPublished(runOf(of), delivery);
  return delivery;
}

/** All but the clean-up, as when the run was ended before it. */
async function publishOnly(
  rows: readonly Row[],
  place: number,
): Promise<{ delivery: DeliveryRef; run: Attempts }> {
  const delivery = await land(rows, place);
  const run = runOf();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await toCurated(run, delivery);
  await run.publishDatabase(delivery);
  await run.writeReport(delivery);
  return { delivery, run };
}

const readTable = async (delivery: DeliveryRef, of = bench): Promise<string[]> =>
  (await readRows(of, delivery)).filter((line) => line !== '' && !line.startsWith('--')).sort();
const notesOf = async (delivery: DeliveryRef): Promise<string[]> =>
  (await readTable(delivery)).map((line) => (JSON.parse(line) as { note: string }).note).sort();
const mergedIn = ({ tables }: RunResult) => must(tables.find(({ table }) => table === 'a')).merged;
const processed = (): Promise<string[]> => bench.keys('processed');
const rowOf = (id: number, note: string, gone = false): Row => ({ id: String(id), code: 'k', note, gone });

test('any deliveries, late or not, retried anyhow, are in either mode the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async (all) => {
      // Files of a few rows, so that there are more of them as the table grows.
      const curated = `${UPSERT}, maxSourceBytes: 250`;
      const rebuild = await open(tableOf('rebuild', curated));
      const delta = await open(tableOf('delta', curated));
      const publishAs = async (delivery: DeliveryRef, times: number) => {
        const call: Call = async (attempt) => {
          for (let more = 1; more < times; more += 1) await attempt();
          return attempt();
        };
        const wanted = await toPublished(rebuild.run(), { ...delivery, pipeline: rebuild.pipeline.name });
        const found = await toPublished(runOf(delta), delivery, call);
        expect(await readTable(delivery, delta)).toEqual(await readTable(delivery, rebuild));
        expect(mergedIn(found)).toEqual(mergedIn(wanted));
        expect(await delta.keys('processed')).toEqual([]);
      };
      const waiting: { turn: number; go: () => Promise<void> }[] = [];
      for (const [place, of] of all.entries()) {
        const isLate = of.late > 0;
        const rows = isLate ? twice(of.rows) : of.rows;
        for (const each of [rebuild, delta])
          await (isLate ? refuse(rows, place, each) : land(rows, place, each));
        const delivery = { pipeline: delta.pipeline.name, fileLandTimestamp: FIRST + place };
        const go = async () => {
          for (const each of isLate ? [rebuild, delta] : []) await accept(delivery, each);
          await publishAs(delivery, of.times);
        };
        waiting.push({ turn: place + of.late, go });
        if (of.again) waiting.push({ turn: place + of.late + 1, go: () => publishAs(delivery, 1) });
        for (const each of waiting.filter(({ turn }) => turn === place)) await each.go();
      }
      const rest = waiting.filter(({ turn }) => turn >= all.length);
      for (const { go } of rest.sort((a, b) => a.turn - b.turn)) await go();
      rebuild.close();
      delta.close();
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 300_000);

const countOf = (): { read: number; base: boolean; of: number | undefined }[] =>
  made.map(({ inputs, base, bucket }) => ({ read: inputs.length, base: base !== undefined, of: bucket?.of }));

test('a run reads its own delivery and what is published, and copies what the delivery does not touch', async () => {
  await open(tableOf('delta', `${UPSERT}, maxSourceBytes: 270`));
  const ids = Array.from({ length: 40 }, (_, id) => id);
  await publish(
    ids.map((id) => rowOf(id, 'first', id % 5 === 0)),
    0,
  );
  const of = made.length;
  expect(of).toBeGreaterThan(10);
  made = [];
  const second = await publish([rowOf(7, 'second')], 1);
  expect(countOf()).toEqual(Array(of).fill({ read: 1, base: true, of }));
  const { reused, parts } = await readSnapshot(bench, second);
  expect(reused).toBe(of - 1);
  expect(await notesOf(second)).toEqual([...Array<string>(31).fill('first'), 'second']);
  // Those of the snapshot before are copied with them.
  const keys = parts.flatMap(({ deletedKeys }) => (deletedKeys ? [deletedKeys] : []));
  expect(keys.reduce((sum, { rows }) => sum + rows, 0)).toBe(8);
  for (const { key, bytes } of keys) expect(await bench.pipeline.read('curated', key)).toHaveLength(bytes);
});

test('a table that grows becomes twice as many files, and keeps what it knows', async () => {
  await open(tableOf('delta', `${UPSERT}, maxSourceBytes: 900`));
  const some = (from: number, note: string, gone = false): Row[] =>
    Array.from({ length: 8 }, (_, id) => rowOf(from + id, note, gone));
  await publish([...some(0, 'a'), ...some(10, 'b', true)], 0);
  await publish([rowOf(0, 'e')], 1);
  const before = countOf().at(-1)?.of ?? 0;
  const last = await publish([...some(20, 'c'), ...some(30, 'd')], 2);
  const { parts } = await readSnapshot(bench, last);
  expect([before, parts.length]).toEqual([2, 4]);
  const notes = ['a', 'c', 'd'].flatMap((note) => Array<string>(note === 'a' ? 7 : 8).fill(note));
  expect(await notesOf(last)).toEqual([...notes, 'e']);
  const sum = (of: 'superseded' | 'deleted') => parts.reduce((all, { merged }) => all + must(merged)[of], 0);
  expect([sum('superseded'), sum('deleted')]).toEqual([1, 8]);
});

describe('deleted keys', () => {
  test('are beside the table, and what comes late does not bring them back', async () => {
    await open();
    const first = await refuse(twice([rowOf(1, 'old'), rowOf(2, 'old')]), 0);
    await publish([rowOf(1, '-', true), rowOf(3, 'new')], 1);
    await publish([rowOf(4, 'new')], 2);
    const late = await accept(first);
    await toPublished(runOf(), late);
    expect(await notesOf(late)).toEqual(['new', 'new', 'old']);
    const { parts, holds } = await readSnapshot(bench, late);
    expect(holds?.map(({ fileLandTimestamp }) => fileLandTimestamp - FIRST)).toEqual([0, 1, 2]);
    const folder = must(parts[0]).key.replace(/[^/]+$/, '');
    const inFolder = (await bench.keys('curated')).filter((key) => key.startsWith(folder));
    expect(inFolder).toEqual(parts.map(({ key }) => key));
    expect(must(parts[0]).deletedKeys).toMatchObject({ rows: 1 });
  });

  test('that are damaged keep what is processed where it is, and are told before a rollback', async () => {
    await open();
    await publish([rowOf(1, '-', true)], 0);
    const { delivery, run } = await publishOnly([rowOf(2, 'b')], 1);
    const { key } = must(must((await readSnapshot(bench, delivery)).parts[0]).deletedKeys);
    await bench.put('curated', key, 'other');
    const failure = await failureOf(run.deleteFromProcessed(delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain(key);
    expect(await processed()).toHaveLength(1);
    const request = { kind: 'rollback', pipeline: bench.pipeline.name, dryRun: true } as const;
    const rollback = await failureOf(
      bench.run().planRollback({ ...request, to: FIRST + 1, by: 'Ann', why: 'a test' }),
    );
    expect(rollback.message).toContain(`${key} is another object`);
    const plan = await planPipeline(
      { store: bench.store, catalogue: createGlueCatalogue() },
      must(bench.pipelines[0]),
    );
    expect(plan.snapshots.map(({ object }) => object)).toEqual([
      `s3://${bench.pipeline.areas.curated}/${key}`,
    ]);
    const again = await failureOf(toPublished(runOf(), delivery));
    expect(again.name).toBe('IntegrityError');
    expect(again.message).toContain(
      `${key}, which has the deleted keys of a part that is there, is missing or another`,
    );
  });

  test('that are gone do not stand in for those of the snapshot before', async () => {
    await open();
    const first = await publish([rowOf(1, '-', true)], 0);
    const second = await publish([rowOf(2, 'b')], 1);
    await bench.erase('curated', must(must((await readSnapshot(bench, second)).parts[0]).deletedKeys).key);
    const request = { pipeline: bench.pipeline.name, graceSeconds: 0, dryRun: false };
    expect(await bench.run().sweepSnapshots(request)).toMatchObject({ snapshots: 0, kept: 2 });
    await bench.pipeline.read(
      'curated',
      must(must((await readSnapshot(bench, first)).parts[0]).deletedKeys).key,
    );
  });

  test('are swept with their part, and kept with the last that holds rows', async () => {
    await open();
    await publish([rowOf(1, '-', true)], 0);
    await publish([rowOf(2, 'b')], 1);
    const sweep = () =>
      bench.run().sweepSnapshots({ pipeline: bench.pipeline.name, graceSeconds: 0, dryRun: false });
    expect(await bench.keys('curated')).toHaveLength(4);
    expect(await sweep()).toMatchObject({ snapshots: 1, files: 2, kept: 1, strangers: 0 });
    expect(await bench.keys('curated')).toHaveLength(2);
    // Whose run ended before its record was written.
    const delivery = await land([rowOf(3, '-', true)], 2);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await toCurated(run, delivery);
    const { curations } = JSON.parse(
      String(
        await bench.pipeline.read(
          'log',
          `production-environment/my-database-data/runs/${run.runId}/curated/0.json`,
        ),
      ),
    ) as { curations: { snapshot: string }[] };
    await bench.erase('log', snapshotRecordKey(FOLDERS, 'a', must(curations[0]).snapshot));
    expect(await sweep()).toMatchObject({ snapshots: 1, files: 2, kept: 1, strangers: 0 });
    expect(await notesOf(await publish([rowOf(1, '-', true)], 3))).toEqual(['b']);
  });
});

describe('a delivery that is processed again', () => {
  test('to the same rows is the same snapshot', async () => {
    await open();
    await publish([rowOf(1, 'a')], 0);
    const second = await publish([rowOf(1, 'b'), rowOf(2, '-', true)], 1);
    const curated = await bench.keys('curated');
    made = [];
    await toPublished(runOf(), second);
    expect(made).toEqual([]);
    expect(await bench.keys('curated')).toEqual(curated);
    expect(await processed()).toEqual([]);
  });

  test('to other rows is refused, and changes nothing for those that come later', async () => {
    await open();
    const first = await publish([rowOf(1, 'a')], 0);
    await publish([rowOf(1, 'b')], 1);
    const record = await bench.readRecord(first, 'processed');
    await bench.release(tableOf('delta'), 'v2');
    const run = runOf();
    const failure = await failureOf(toPublished(run, first));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(
      /Table "a" .* delivery 1534968800 .* other rows.* Nothing was published.* Run the delivery with the release that processed it/,
    );
    expect(await bench.readRecord(first, 'processed')).toEqual(record);
    expect(await processed()).toEqual([]);
    expect(await notesOf(await publish([rowOf(2, 'c')], 2))).toEqual(['b', 'c']);
  });

  test('to other rows is taken as long as it is not published', async () => {
    await open();
    await publish([rowOf(1, 'a')], 0);
    const delivery = await land([rowOf(1, 'b')], 1);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await toCurated(run, delivery);
    await bench.release(tableOf('delta'), 'v2');
    await toPublished(runOf(), delivery);
    const [line] = await readTable(delivery);
    expect(JSON.parse(line ?? '')).toMatchObject({ note: 'b', etl_version: 'v2' });
    expect(await processed()).toEqual([]);
  });
});

test('what was processed is deleted by the next run, where a run ended before it could', async () => {
  await open();
  await publish([rowOf(1, 'a')], 0);
  const { run, delivery } = await publishOnly([rowOf(1, 'b')], 1);
  expect(await processed()).toHaveLength(1);
  made = [];
  expect(await notesOf(await publish([rowOf(2, 'c')], 2))).toEqual(['b', 'c']);
  expect(countOf()).toEqual([{ read: 1, base: true, of: 1 }]);
  expect(await processed()).toEqual([]);
  // And the first run’s attempts, which wake up now.
  await run.writeCurated({ ...delivery, table: 'a' });
  await run.deleteFromProcessed(delivery);
  expect(await notesOf(await publish([rowOf(3, 'd')], 3))).toEqual(['b', 'c', 'd']);
});

test('after a rollback the next delivery has what was rolled back', async () => {
  await open();
  await publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
  await publish([rowOf(1, '-', true)], 1);
  const run = bench.run();
  const request = {
    kind: 'rollback',
    pipeline: bench.pipeline.name,
    dryRun: false,
    by: 'Ann',
    why: 'a test',
  } as const;
  await run.planRollback({ ...request, to: FIRST });
  await run.rollBackTables({ ...request, to: FIRST });
  const last = await publish([rowOf(3, 'c')], 2);
  expect(await notesOf(last)).toEqual(['a', 'c']);
});

test('when the Glue database is deleted, what the last run published is gone on from', async () => {
  await open();
  await publish([rowOf(1, 'a'), rowOf(2, '-', true)], 0);
  await new GlueClient(awsSettings()).send(new DeleteDatabaseCommand({ Name: bench.pipeline.database }));
  expect(await notesOf(await publish([rowOf(3, 'c')], 1))).toEqual(['a', 'c']);
});

describe('the mode may change', () => {
  test('from rebuild to delta: it is made of what is processed once more, and from then on of what is published', async () => {
    await open(tableOf('rebuild'));
    await publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
    const late = await refuse(twice([rowOf(2, 'late'), rowOf(3, 'late')]), 1);
    await bench.release(tableOf('delta'));
    made = [];
    await publish([rowOf(2, '-', true)], 2);
    expect(countOf()).toEqual([{ read: 2, base: false, of: 1 }]);
    expect(await processed()).toHaveLength(1);
    made = [];
    await toPublished(runOf(), await accept(late));
    expect(countOf()).toEqual([{ read: 1, base: true, of: 1 }]);
    expect(await processed()).toHaveLength(1);
    expect(await notesOf(late)).toEqual(['a', 'late']);
  });

  test('from delta to rebuild: rows that are in curated alone are taken from there', async () => {
    await open();
    await publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
    await publish([rowOf(2, '-', true)], 1);
    await bench.release(tableOf('rebuild'));
    for (const place of [2, 3]) {
      const last = await publish([rowOf(place + 1, 'new')], place);
      expect(await notesOf(last)).toEqual(['a', ...Array<string>(place - 1).fill('new')]);
      expect(await processed()).toHaveLength(place - 1);
    }
  });
});

describe('another declaration', () => {
  test.each<[string, string, RegExp, string?]>([
    ['another key', tableOf('delta').replace(`['code', 'id']`, `['id']`), /the key is id now/],
    [
      'a wider key',
      tableOf('delta'),
      /the type of their key's column "id" is int, and is another now/,
      tableOf('delta', UPSERT, COLUMNS.replace('int64', 'int32')),
    ],
    ['nothing that deletes', tableOf('delta', 'upsert: true'), /what "gone" deletes is not in them/],
    [
      'all rows',
      tableOf('delta', ''),
      /they have one row of each key \(code, id\), and all rows are wanted now/,
    ],
  ])('may not want %s: what it takes is nowhere', async (_name, tables, words, before = tableOf('delta')) => {
    await open(before);
    const first = await publish([rowOf(1, 'a')], 0);
    await bench.release(tables);
    const delivery = await land([rowOf(2, 'b')], 1);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    const failure = await failureOf(toCurated(run, delivery));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(words);
    expect(failure.message).toMatch(/Nothing was published/);
    expect(await notesOf(first)).toEqual(['a']);
    await bench.release(before);
    await toPublished(runOf(), delivery);
    expect(await notesOf(delivery)).toEqual(['a', 'b']);
  });

  test('may have another column, another order and more files, and begin to delete', async () => {
    const before = COLUMNS.replace(', gone: column.boolean()', '');
    await open(tableOf('delta', 'upsert: true, maxSourceBytes: 50', before));
    const lines = (rows: Row[]) =>
      rows.map((each) => lineOf(each).replace(/,"gone":(true|false)/, '')).join('');
    const ids = [2, 4, 5, 6, 7, 8];
    await bench.land('a-data/x.jsonl', lines([rowOf(1, 'a'), ...ids.map((id) => rowOf(id, 'b'))]));
    await toPublished(runOf(), await bench.take({ requested: FIRST }));
    await bench.release(tableOf('delta', `${UPSERT}, sortBy: ['note'], maxSourceBytes: 90`));
    const last = await publish([rowOf(1, '-', true), rowOf(3, 'c')], 1);
    expect(await notesOf(last)).toEqual([...ids.map(() => 'b'), 'c']);
    const flags = (await readTable(last)).map((line) => (JSON.parse(line) as Row).gone);
    expect(flags.map(String).sort()).toEqual(['false', ...ids.map(() => 'null')]);
  });

  test('may not begin to have one row a key where rows were appended', async () => {
    await open(tableOf('delta', ''));
    await publish([rowOf(1, 'a')], 0);
    await bench.release(tableOf('delta'));
    const delivery = await land([rowOf(1, 'b')], 1);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    expect((await failureOf(toCurated(run, delivery))).message).toMatch(
      /were not written to be merged with the rows of later runs/,
    );
  });
});

test('rows that are unaccounted for are not published', async () => {
  await open();
  await publish([rowOf(1, 'a'), rowOf(2, '-', true)], 0);
  const delivery = await land([rowOf(1, 'b'), rowOf(3, 'c')], 1);
  const engine = createTellingEngine({ pipelines: bench.pipelines, store: bench.store }, () => undefined);
  const losing = {
    ...engine,
    writeCuratedPart: (task: WriteCuratedPartTask) =>
      engine.writeCuratedPart({ ...task, base: { ...must(task.base), superseded: 1 } }),
  };
  const run = bench.run({ engine: losing });
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const failure = await failureOf(toCurated(run, delivery));
  expect(failure.name).toBe('IntegrityError');
  expect(failure.message).toMatch(
    /Table "a": 4 rows are processed, but 2 were written to curated, 2 superseded and 1 deleted/,
  );
});
