import fc from 'fast-check';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows, readSnapshot } from './read-published';
import { deliveriesOf, FIRST, keyOf, lineOf, ROWS, ROWS_OF_COURTS, twice, type Row } from './upserted-table';
import { toArchived, toCurated, toDecided, toProcessed, toPublished, type Call } from './take-through';

const tableOf = (curated = `upsert: { deletedWhere: 'gone' }, maxSourceBytes: 150`, more = ''): string =>
  `a: table({ format: jsonLines(), files: { name: /.*/ },
    columns: { id: column.int64(), code: column.string(), note: column.string().nullable(), gone: column.boolean(), ${more} },
    primaryKey: ['code', 'id'], curated: { ${curated} } }),`;

let bench: Bench;
const open = async (tables = tableOf()): Promise<Bench> =>
  (bench = await Bench.create({ hasRaw: false, hasQuarantine: true, tables }));
afterEach(() => bench.close());

async function land(rows: readonly Row[], place: number): Promise<DeliveryRef> {
  await bench.land('a-data/x.jsonl', rows.map(lineOf).join(''));
  return bench.take({ requested: FIRST + place });
}

/** Refused, since a key occurs twice, until somebody accepts it. */
async function refuse(rows: readonly Row[], place: number): Promise<DeliveryRef> {
  const delivery = await land(rows, place);
  const run = bench.run();
  expect((await failureOf(toDecided(run, delivery))).name).toBe('DeliveryRefusedError');
  await run.moveToQuarantine(delivery);
  return delivery;
}

const accept = ({ fileLandTimestamp }: DeliveryRef): Promise<DeliveryRef> =>
  bench.take({ requested: fileLandTimestamp, decision: { kind: 'accept', by: 'me', why: 'it is all' } });

async function publish(rows: readonly Row[], place: number): Promise<RunResult> {
  return toPublished(bench.run(), await land(rows, place));
}

/** What the deliveries come to, in the order of their timestamps. */
function mergeRows(all: ReadonlyMap<number, readonly Row[]>) {
  const last = new Map<string, Row & { delivery: number }>();
  const rising = [...all].sort(([a], [b]) => a - b);
  for (const [delivery, rows] of rising)
    for (const each of rows) last.set(keyOf(each), { ...each, delivery });
  const processed = rising.reduce((sum, [, rows]) => sum + rows.length, 0);
  const kept = [...last.values()].filter(({ gone }) => !gone);
  return {
    rows: kept
      .map(({ id, code, note, court, delivery }) => JSON.stringify([id, code, note, court, delivery]))
      .sort(),
    merged: { processed, superseded: processed - last.size, deleted: last.size - kept.length },
  };
}

async function readMerged(delivery: DeliveryRef): Promise<string[]> {
  const lines = (await readRows(bench, delivery)).filter((line) => line !== '' && !line.startsWith('--'));
  return lines
    .map(
      (line) =>
        JSON.parse(line.replace(/"id":(-?\d+)/, '"id":"$1"')) as Row & { file_land_timestamp: number },
    )
    .map(({ id, code, note, court, file_land_timestamp: at }) =>
      JSON.stringify([id, code, note, court, at - FIRST]),
    )
    .sort();
}

const tableIn = ({ tables }: RunResult) => must(tables.find(({ table }) => table === 'a'));

test.each([
  ['', ROWS, tableOf()],
  [
    ', in folders',
    ROWS_OF_COURTS,
    tableOf(
      `upsert: { deletedWhere: 'gone' }, maxSourceBytes: 150, partitionBy: ['court']`,
      'court: column.string()',
    ),
  ],
])(
  'any deliveries, late or not, retried anyhow, are what a map of them is%s',
  async (_name, row, tables) => {
    await fc.assert(
      fc.asyncProperty(deliveriesOf(4, row), async (all) => {
        await open(tables);
        const published = new Map<number, readonly Row[]>();
        const publishAs = async (delivery: DeliveryRef, place: number, rows: Row[], times: number) => {
          const call: Call = async (attempt) => {
            for (let more = 1; more < times; more += 1) await attempt();
            return attempt();
          };
          const result = await toPublished(bench.run(), delivery, call);
          published.set(place, rows);
          const expected = mergeRows(published);
          expect(await readMerged(delivery)).toEqual(expected.rows);
          expect(tableIn(result)).toMatchObject({ published: expected.rows.length, merged: expected.merged });
        };
        const waiting: { turn: number; go: () => Promise<void> }[] = [];
        for (const [place, of] of all.entries()) {
          const isLate = of.late > 0;
          const rows = isLate ? twice(of.rows) : of.rows;
          const delivery = await (isLate ? refuse(rows, place) : land(rows, place));
          if (!isLate) await publishAs(delivery, place, rows, of.times);
          else
            waiting.push({
              turn: place + of.late,
              go: async () => publishAs(await accept(delivery), place, rows, of.times),
            });
          if (of.again)
            waiting.push({ turn: place + of.late + 1, go: () => publishAs(delivery, place, rows, 1) });
          for (const each of waiting.filter(({ turn }) => turn === place)) await each.go();
        }
        const rest = waiting.filter(({ turn }) => turn >= all.length);
        for (const { go } of rest.sort((a, b) => a.turn - b.turn)) await go();
        bench.close();
      }),
      { numRuns: 4, endOnFailure: true },
    );
  },
  180_000,
);

const OLD: Row = { id: '1', code: 'k', note: 'old', gone: false };
const NEW: Row = { ...OLD, note: 'new' };
const DELETED: Row = { ...OLD, note: null, gone: true };

test('a delivery that comes late brings no deleted key back, and ends in the files of one on time', async () => {
  const others = [[NEW, { ...OLD, id: '2' }], [DELETED]];
  const found: unknown[] = [];
  for (const late of [false, true]) {
    await open();
    const first = await refuse(twice([OLD]), 0);
    const publishFirst = async () => toPublished(bench.run(), await accept(first));
    if (!late) await publishFirst();
    for (const [place, rows] of others.entries()) await publish(rows, place + 1);
    if (late) await publishFirst();
    const last = late ? first : { ...first, fileLandTimestamp: FIRST + 2 };
    expect(await readMerged(last)).toEqual([JSON.stringify(['2', 'k', 'old', undefined, 1])]);
    const { parts } = await readSnapshot(bench, last);
    // No delivery's rows can be taken from them.
    expect(parts.some(({ holds }) => holds !== undefined)).toBe(false);
    found.push(parts.map(({ rows, merged }) => [rows, merged]));
    bench.close();
  }
  expect(found[0]).toEqual(found[1]);
});

test('a run that changes nothing of the table leaves its snapshot as it is', async () => {
  await open();
  const delivery = await land([OLD], 0);
  await toPublished(bench.run(), delivery);
  const before = await bench.keys('curated');
  const made: unknown[] = [];
  const engine = createTellingEngine({ pipelines: bench.pipelines, store: bench.store }, (task) =>
    made.push(task),
  );
  await toPublished(bench.run({ engine }), delivery);
  expect(await bench.keys('curated')).toEqual(before);
  expect(made).toEqual([]);
});

test('rows that mode delta has in curated alone cannot be merged, which is said in words', async () => {
  await open(tableOf('').replace('primaryKey', `mode: 'delta', primaryKey`));
  await publish([OLD], 0);
  expect(await bench.keys('processed')).toEqual([]);
  await bench.release(tableOf('upsert: true'));
  const run = bench.run();
  const delivery = await land([NEW], 1);
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const failure = await failureOf(toCurated(run, delivery));
  expect(failure.name).toBe('DefinitionError');
  expect(failure.message).toMatch(
    /rows of delivery 1534968800 .* is deleted, as mode 'delta' has it, .* not written to be merged .*\. Nothing was published/,
  );
});

test('rows that are unaccounted for are not published', async () => {
  await open(tableOf('upsert: true'));
  const delivery = await land([OLD, { ...OLD, id: '2' }], 0);
  const engine = createTellingEngine({ pipelines: bench.pipelines, store: bench.store }, () => undefined);
  const losing = {
    ...engine,
    writeCuratedPart: async (...call: Parameters<typeof engine.writeCuratedPart>) => {
      const part = await engine.writeCuratedPart(...call);
      return { ...part, files: part.files.map((file) => ({ ...file, rows: file.rows - 1 })) };
    },
  };
  const run = bench.run({ engine: losing });
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const failure = await failureOf(toCurated(run, delivery));
  expect(failure.name).toBe('IntegrityError');
  expect(failure.message).toMatch(
    /Table "a": 2 rows are processed, but 1 were written to curated, 0 superseded and 0 deleted.*Nothing was published/,
  );
});

test('a table may begin to have one row a key, and end to: it is made anew of what is processed', async () => {
  await open(tableOf(''));
  await publish([OLD], 0);
  expect(tableIn(await publish([NEW], 1))).toMatchObject({ published: 2 });
  await bench.release(tableOf('upsert: true'));
  const third = await publish([DELETED], 2);
  expect(tableIn(third)).toMatchObject({ published: 1, merged: { superseded: 2, deleted: 0 } });
  await bench.release(tableOf(`upsert: { deletedWhere: 'gone' }`));
  const again = await toPublished(bench.run(), third);
  expect(tableIn(again)).toMatchObject({ published: 0, merged: { superseded: 2, deleted: 1 } });
  await bench.release(tableOf(''));
  const plain = tableIn(await publish([{ ...OLD, id: '3' }], 3));
  expect(plain.published).toBe(4);
  expect(plain.merged).toBeUndefined();
});
